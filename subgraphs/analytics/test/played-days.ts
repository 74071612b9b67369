import { hash } from 'node:crypto';
import { encodeId, importedUuid } from '@medley/ids';
import type { PrismaClient } from '../src/adapters/prisma-client.ts';
import { createListenerSketch } from '../src/domain/listener-sketch.ts';

/** The UUID, and the public id, of a track of a test. */
export const trackUuid = (name: string): string => importedUuid('test', 'track', name);
export const trackId = (name: string): string => encodeId('track', trackUuid(name));

/** Midnight of a day of May 2026; 0 is the last of April. */
export const may = (day: number): Date => new Date(Date.UTC(2026, 4, day));

/** How often a track was played on a day, as the ledger of plays writes it. */
export interface PlayedDay {
  readonly track: string;
  readonly day: Date;
  /** By market; all of them together are the sum. */
  readonly plays: Readonly<Record<string, number>>;
  /** Names of accounts. */
  readonly listeners?: readonly string[];
}

export async function writePlays(
  client: PrismaClient,
  played: readonly PlayedDay[],
  generation = 1,
): Promise<void> {
  await client.trackPlays.createMany({
    data: played.flatMap(({ track, day, plays }) => {
      const all = Object.values(plays).reduce((sum, of) => sum + of, 0);
      return Object.entries({ ...plays, '*': all }).map(([market, of]) => ({
        ...{ generation, market, day, trackId: trackUuid(track) },
        plays: BigInt(of),
      }));
    }),
  });
  await client.listenerSketch.createMany({
    data: played.flatMap(({ track, day, listeners }) => {
      if (!listeners) return [];
      const sketch = createListenerSketch();
      for (const listener of listeners) sketch.add(hash('sha256', listener, 'buffer'));
      return [{ generation, scope: trackUuid(track), day, sketch: Buffer.from(sketch.toBytes()) }];
    }),
  });
}
