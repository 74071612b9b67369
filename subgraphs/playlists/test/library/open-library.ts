import { createCursors } from '@medley/connection';
import type { Actor } from '@medley/identity';
import { encodeId, newUuid } from '@medley/ids';
import { createChangeNotifier } from '@medley/live';
import { createTestCaller, createTestVerifier, silentLogger, testKeys } from '@medley/testing';
import { openTestDatabase } from '@medley/testing/database';
import { openPrismaClient } from '../../src/adapters/prisma-client.ts';
import { openRepositories } from '../../src/adapters/prisma-repositories.ts';
import { createApp } from '../../src/app.ts';
import { createPlaylistRow } from '../create-playlist-row.ts';

/** The playlists subgraph on a fresh database, with a catalog and a clock that tests set. */
export async function openLibrary() {
  const database = await openTestDatabase('playlists');
  const prisma = openPrismaClient(database);
  const repositories = openRepositories(database);
  const unknown = new Set<string>();
  const asked: string[][] = [];
  const catalog = { isAway: false, unknown, asked };
  let nowMs = Date.parse('2026-11-23T08:00:00.000Z');
  const subgraph = await createApp({
    ...repositories,
    notifier: createChangeNotifier({ log: noLog, topics: [], logger: silentLogger }),
    catalog: {
      async findEntities(ids) {
        asked.push([...ids]);
        if (catalog.isAway) return null;
        return new Map(ids.filter((id) => !unknown.has(id)).map((id) => [id, { albumId: null }]));
      },
    },
    accounts: { findActive: async (ids) => new Set(ids) },
    mixes: { find: async () => null },
    cursors: createCursors(testKeys),
    identity: createTestVerifier('playlists'),
    logger: silentLogger,
    replica: 'test',
    clock: () => {
      nowMs += 1_000;
      return nowMs;
    },
  });
  const { ask } = createTestCaller(subgraph);

  /** Somebody who is signed in, and asks. */
  function signIn(accountId = newUuid()) {
    const id = encodeId('user', accountId);
    const actor: Actor = { kind: 'viewer', id, sessionId: encodeId('session', newUuid()), scopes: [] };
    return {
      accountId,
      id,
      ask: <Data>(query: string, variables = {}) => ask<Data>(query, variables, { actor }),
    };
  }

  return {
    database,
    prisma,
    repositories,
    catalog,
    ask,
    signIn,
    createPlaylist: (values: Parameters<typeof createPlaylistRow>[1] = {}) =>
      createPlaylistRow(prisma, values),
    async close() {
      await subgraph.stop();
      await prisma.$disconnect();
      await repositories.close();
      await database.close();
    },
  };
}

/** Public ids of things that nobody else has. */
export const newIds = (kind: 'track' | 'album' | 'artist' | 'playlist', count: number): string[] =>
  Array.from({ length: count }, () => encodeId(kind, newUuid()));

const noLog = { tail: () => Promise.reject(new Error('nothing is heard here')) };
