import { encodeId } from '@medley/ids';
import { createFeed, createRelayStore, type FedRow, type StateSource, type ToldState } from '@medley/outbox';
import type { Privacy } from '../domain/playlist.ts';
import type { PrismaClient } from './prisma-client.ts';

/**
 * What others learn of playlists: each that a page of operations names, once, as it is when the page is read. That may be newer
 * than the page, never older.
 */
export function createPrismaPlaylistRelaySource(client: PrismaClient): StateSource<OperationRow> {
  return {
    feed: createFeed(client, {
      table: 'playlists.operations',
      sequence: 'seq',
      columns: 'playlist_id AS "playlistId", created_at AS time',
    }),

    async statesOf(operations) {
      const times = new Map(operations.map(({ playlistId, time }) => [playlistId, time]));
      const rows = await client.$queryRaw<PlaylistRow[]>`
        SELECT id, owner_id AS "ownerId", privacy::text, deleted_at IS NOT NULL AS deleted, name,
          item_count AS "itemCount", version
        FROM playlists.playlists WHERE id = ANY(${[...times.keys()]}::uuid[]) AND created_at IS NOT NULL`;
      return rows.map((row) => ({ ...toState(row), time: times.get(row.id) }));
    },

    async readStates(after, limit) {
      const rows = await client.$queryRaw<PlaylistRow[]>`
        SELECT id, owner_id AS "ownerId", privacy::text, deleted_at IS NOT NULL AS deleted, name,
          item_count AS "itemCount", version
        FROM playlists.playlists WHERE id > ${after ?? beforeAll}::uuid AND created_at IS NOT NULL
        ORDER BY id LIMIT ${limit}`;
      return { states: rows.map(toState), after: rows.at(-1)?.id ?? null };
    },

    store: createRelayStore(client, 'playlists'),
  };
}

/** Of one that is private or deleted nothing else is told. */
function toState({ id: uuid, ownerId, privacy, deleted, name, itemCount, version }: PlaylistRow): ToldState {
  const id = encodeId('playlist', uuid);
  const isOpen = privacy !== 'PRIVATE' && !deleted;
  return {
    key: id,
    type: 'PlaylistChanged',
    version,
    data: {
      id,
      ownerId: isOpen ? encodeId('user', ownerId) : null,
      privacy,
      deleted,
      name: isOpen ? name : null,
      itemCount: isOpen ? itemCount : 0,
    },
  };
}

interface OperationRow extends FedRow {
  readonly playlistId: string;
}

interface PlaylistRow {
  readonly id: string;
  readonly ownerId: string;
  readonly privacy: Privacy;
  readonly deleted: boolean;
  readonly name: string;
  readonly itemCount: number;
  readonly version: number;
}

// No playlist has this id: RFC 9562, 5.9.
const beforeAll = '00000000-0000-0000-0000-000000000000';
