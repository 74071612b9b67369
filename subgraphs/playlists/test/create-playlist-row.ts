import { newUuid } from '@medley/ids';
import type { PrismaClient } from '../src/adapters/prisma-client.ts';
import type { Privacy } from '../src/domain/playlist.ts';

/**
 * A playlist as it might stand in the database, for tests that are about something else.
 * @returns its UUID
 */
export async function createPlaylistRow(
  prisma: PrismaClient,
  {
    ownerId = newUuid(),
    name = 'Sunday',
    privacy = 'PUBLIC',
    createdAt = new Date('2026-11-23T08:00:00.000Z'),
  }: { ownerId?: string; name?: string; privacy?: Privacy; createdAt?: Date } = {},
): Promise<string> {
  const [id, clock] = [newUuid(), '000000000000-test'];
  await prisma.playlist.create({
    data: {
      id,
      ownerId,
      createdAt,
      createdClock: clock,
      name,
      nameClock: clock,
      privacy,
      privacyClock: clock,
      updatedAt: createdAt,
      clock,
    },
  });
  return id;
}
