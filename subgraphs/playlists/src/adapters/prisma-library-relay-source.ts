import { encodeId, type IdKind } from '@medley/ids';
import {
  createOutboxFeed,
  createOutboxPruning,
  createRelayStore,
  type FedRow,
  type OutboxChange,
  type StateSource,
} from '@medley/outbox';
import type { SavedKind } from '../domain/library.ts';
import type { PrismaClient } from './prisma-client.ts';

const table = 'playlists.outbox';
/** Nobody else follows these rows. */
const keptDays = 30;

/** What others learn of libraries. */
export function createPrismaLibraryRelaySource(client: PrismaClient): StateSource<OutboxChange & FedRow> {
  return {
    feed: createOutboxFeed<OutboxChange>(client, table),
    statesOf: (rows) => rows,

    /** First what is saved, then what is followed. */
    async readStates(after, limit) {
      const [list, userId = none, second = '', third = none] = after?.split(' ') ?? [
        'saved',
        none,
        'TRACK',
        none,
      ];
      if (list === 'saved') {
        const rows = await client.$queryRaw<SavedRow[]>`
          SELECT user_id AS "userId", kind::text, item_id AS "itemId", saved_at AS at, version FROM playlists.saved
          WHERE (user_id, kind, item_id) > (${userId}::uuid, ${second}::playlists.saved_kind, ${third}::uuid)
          ORDER BY user_id, saved.kind, item_id LIMIT ${limit}`;
        const last = rows.at(-1);
        return {
          states: rows.map((row) => toState(row, idKinds[row.kind])),
          after: last ? `saved ${last.userId} ${last.kind} ${last.itemId}` : `follows ${none} ${none}`,
        };
      }
      const rows = await client.$queryRaw<EntryRow[]>`
        SELECT user_id AS "userId", playlist_id AS "itemId", followed_at AS at, version FROM playlists.follows
        WHERE (user_id, playlist_id) > (${userId}::uuid, ${second}::uuid)
        ORDER BY user_id, playlist_id LIMIT ${limit}`;
      const last = rows.at(-1);
      return {
        states: rows.map((row) => toState(row, 'playlist')),
        after: last ? `follows ${last.userId} ${last.itemId}` : null,
      };
    },

    store: createRelayStore(client, 'playlists'),
    prune: createOutboxPruning(client, table, keptDays),
  };
}

function toState({ userId, itemId, at, version }: EntryRow, kind: IdKind) {
  const user = encodeId('user', userId);
  const item = encodeId(kind, itemId);
  const data = { userId: user, itemId: item, inLibrary: true, at: at.toISOString() };
  return { key: `${user}/${item}`, type: 'LibraryChanged', version, data };
}

interface EntryRow {
  readonly userId: string;
  readonly itemId: string;
  readonly at: Date;
  readonly version: number;
}

interface SavedRow extends EntryRow {
  readonly kind: SavedKind;
}

const idKinds = { TRACK: 'track', ALBUM: 'album', ARTIST: 'artist' } as const satisfies Record<
  SavedKind,
  IdKind
>;

// Nothing has this id: RFC 9562, 5.9.
const none = '00000000-0000-0000-0000-000000000000';
