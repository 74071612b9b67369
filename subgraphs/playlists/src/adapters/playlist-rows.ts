import type { Operation } from '../domain/operation.ts';
import type { Privacy } from '../domain/playlist.ts';
import {
  type CollaboratorState,
  emptyItem,
  type ItemState,
  isItemThere,
  type PlaylistState,
  type Register,
} from '../domain/playlist-state.ts';
import type { Revisions } from '../domain/snapshot.ts';
import { readData, writeData } from './operation-json.ts';
import type { Transaction } from './prisma-client.ts';

/** A playlist as its row and the rows of its collaborators hold it. */
export interface LockedRow {
  readonly state: PlaylistState;
  readonly itemCount: number;
  readonly compacted: Revisions;
}

/** Makes an empty row where there is none. @returns whether it did */
export async function beginPlaylist(tx: Transaction, id: string): Promise<boolean> {
  const begun = await tx.$executeRaw`
    INSERT INTO playlists.playlists (id, updated_at, clock) VALUES (${id}::uuid, 'epoch', '') ON CONFLICT DO NOTHING`;
  return begun === 1;
}

/** Takes back a row that nothing was merged into. */
export async function forgetPlaylist(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM playlists.playlists WHERE id = ${id}::uuid AND clock = ''`;
}

/** Locks the row of a playlist until the transaction ends; all that changes a playlist does this first. */
export async function lockPlaylist(tx: Transaction, id: string): Promise<LockedRow | null> {
  const [row] = await tx.$queryRaw<PlaylistRow[]>`
    SELECT owner_id, created_at, created_clock, name, name_clock, description, description_clock, privacy::text,
      privacy_clock, updated_at, deleted_at, clock, revisions, compacted, item_count
    FROM playlists.playlists WHERE id = ${id}::uuid FOR UPDATE`;
  if (!row) return null;
  const collaborators = await tx.$queryRaw<CollaboratorRow[]>`
    SELECT user_id, active, clock, since FROM playlists.collaborators WHERE playlist_id = ${id}::uuid`;
  return {
    state: {
      id,
      created: row.created_at && {
        ownerId: row.owner_id as string,
        at: row.created_at,
        clock: row.created_clock as string,
      },
      name: register(row.name as string, row.name_clock),
      description: register(row.description, row.description_clock),
      privacy: register(row.privacy as Privacy, row.privacy_clock),
      updatedAt: row.updated_at,
      deletedAt: row.deleted_at,
      clock: row.clock,
      revisions: row.revisions,
      collaborators: new Map(
        collaborators.map(({ user_id, active, since, clock }) => [
          user_id,
          { value: { active, since }, clock },
        ]),
      ),
      items: new Map(),
    },
    itemCount: row.item_count,
    compacted: row.compacted,
  };
}

/** Writes what has changed from one state to the next. */
export async function writeState(
  tx: Transaction,
  { state: before, itemCount }: LockedRow,
  after: PlaylistState,
): Promise<void> {
  await writeItems(tx, after.id, changedEntries(before.items, after.items));
  await writeCollaborators(tx, after.id, changedEntries(before.collaborators, after.collaborators));
  const { id, created, name, description, privacy, updatedAt, deletedAt, clock, revisions } = after;
  await tx.$executeRaw`
    UPDATE playlists.playlists SET
      owner_id = ${created?.ownerId ?? null}::uuid, created_at = ${created?.at ?? null}::timestamptz,
      created_clock = ${created?.clock ?? null}, name = ${name?.value ?? null}, name_clock = ${name?.clock ?? null},
      description = ${description?.value ?? null}, description_clock = ${description?.clock ?? null},
      privacy = ${privacy?.value ?? null}::playlists.privacy, privacy_clock = ${privacy?.clock ?? null},
      updated_at = ${updatedAt}::timestamptz, deleted_at = ${deletedAt}::timestamptz, clock = ${clock},
      revisions = ${JSON.stringify(revisions)}::jsonb, version = version + 1,
      item_count = ${itemCount + countThere(after.items) - countThere(before.items)}
    WHERE id = ${id}::uuid`;
}

/** The items with these ids that are known, whether they are there or not. */
export async function readItemStates(
  tx: Transaction,
  playlistId: string,
  ids: readonly string[],
): Promise<Map<string, ItemState>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.$queryRaw<ItemRow[]>`
    SELECT id, track_id, album_id, added_at, added_by, added_clock, added_replica, added_revision, position,
      position_clock, removed_at
    FROM playlists.playlist_items WHERE playlist_id = ${playlistId}::uuid AND id = ANY(${ids}::uuid[])`;
  return new Map(rows.map((row) => [row.id, toItemState(row)]));
}

/** Appends an operation to the record. @returns false when this replica's operation with this id is there already */
export async function appendOperation(tx: Transaction, operation: Operation): Promise<boolean> {
  const { id, playlistId, actorId, change, replica, revision, clock, digest, acceptedAt } = operation;
  const appended = await tx.$executeRaw`
    INSERT INTO playlists.operations
      (id, playlist_id, actor_id, type, replica, revision, clock, digest, data, accepted_at)
    VALUES (${id}::uuid, ${playlistId}::uuid, ${actorId}::uuid, ${change.type}, ${replica}, ${revision}, ${clock},
      ${digest}, ${writeData(operation)}::jsonb, ${acceptedAt}::timestamptz)
    ON CONFLICT (id, replica) DO NOTHING`;
  return appended === 1;
}

/** The operation with this id; of several that replicas accepted while they were apart, the first. */
export async function readOperationById(tx: Transaction, id: string): Promise<Operation | null> {
  const [row] = await tx.$queryRaw<OperationRow[]>`
    SELECT id, playlist_id, actor_id, replica, revision, clock, digest, data, accepted_at
    FROM playlists.operations WHERE id = ${id}::uuid ORDER BY clock LIMIT 1`;
  return row ? toOperation(row) : null;
}

export function toOperation(row: OperationRow): Operation {
  const { id, replica, revision, clock, digest } = row;
  return {
    ...readData(row.data),
    id,
    playlistId: row.playlist_id,
    actorId: row.actor_id,
    replica,
    revision,
    clock,
    digest,
    acceptedAt: row.accepted_at,
  };
}

async function writeItems(tx: Transaction, playlistId: string, items: readonly [string, ItemState][]) {
  if (items.length === 0) return;
  const rows = items.map(([id, { added, position, removedAt }]) => ({
    id,
    track_id: added?.trackId,
    album_id: added?.albumId,
    added_at: added?.at,
    added_by: added?.by,
    added_clock: added?.clock,
    added_replica: added?.replica,
    added_revision: added?.revision,
    position: position?.value,
    position_clock: position?.clock,
    removed_at: removedAt,
  }));
  await tx.$executeRaw`
    INSERT INTO playlists.playlist_items (playlist_id, id, track_id, album_id, added_at, added_by, added_clock,
      added_replica, added_revision, position, position_clock, removed_at)
    SELECT ${playlistId}::uuid, r.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id uuid, track_id uuid,
      album_id uuid, added_at timestamptz, added_by uuid, added_clock text, added_replica text, added_revision integer,
      position text, position_clock text, removed_at timestamptz)
    ON CONFLICT (playlist_id, id) DO UPDATE SET track_id = excluded.track_id, album_id = excluded.album_id,
      added_at = excluded.added_at, added_by = excluded.added_by, added_clock = excluded.added_clock,
      added_replica = excluded.added_replica, added_revision = excluded.added_revision, position = excluded.position,
      position_clock = excluded.position_clock, removed_at = excluded.removed_at`;
}

async function writeCollaborators(
  tx: Transaction,
  playlistId: string,
  collaborators: readonly [string, CollaboratorState][],
) {
  for (const [userId, { value, clock }] of collaborators) {
    await tx.$executeRaw`
      INSERT INTO playlists.collaborators (playlist_id, user_id, active, clock, since)
      VALUES (${playlistId}::uuid, ${userId}::uuid, ${value.active}, ${clock}, ${value.since}::timestamptz)
      ON CONFLICT (playlist_id, user_id) DO UPDATE
      SET active = excluded.active, clock = excluded.clock, since = excluded.since`;
  }
}

const changedEntries = <Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): [string, Value][] => [...after].filter(([id, value]) => before.get(id) !== value);

const countThere = (items: PlaylistState['items']) => [...items.values()].filter(isItemThere).length;

const register = <Value>(value: Value, clock: string | null): Register<Value> | null =>
  clock === null ? null : { value, clock };

const toItemState = (row: ItemRow): ItemState => ({
  ...emptyItem,
  added:
    row.track_id === null
      ? null
      : {
          trackId: row.track_id,
          albumId: row.album_id,
          at: row.added_at as Date,
          by: row.added_by,
          clock: row.added_clock as string,
          replica: row.added_replica as string,
          revision: row.added_revision as number,
        },
  position: row.position === null ? null : { value: row.position, clock: row.position_clock as string },
  removedAt: row.removed_at,
});

interface PlaylistRow {
  owner_id: string | null;
  created_at: Date | null;
  created_clock: string | null;
  name: string | null;
  name_clock: string | null;
  description: string | null;
  description_clock: string | null;
  privacy: string | null;
  privacy_clock: string | null;
  updated_at: Date;
  deleted_at: Date | null;
  clock: string;
  revisions: Revisions;
  compacted: Revisions;
  item_count: number;
}
interface CollaboratorRow {
  user_id: string;
  active: boolean;
  clock: string;
  since: Date;
}
export interface ItemRow {
  id: string;
  track_id: string | null;
  album_id: string | null;
  added_at: Date | null;
  added_by: string | null;
  added_clock: string | null;
  added_replica: string | null;
  added_revision: number | null;
  position: string | null;
  position_clock: string | null;
  removed_at: Date | null;
}
export interface OperationRow {
  id: string;
  playlist_id: string;
  actor_id: string | null;
  replica: string;
  revision: number;
  clock: string;
  digest: string;
  data: unknown;
  accepted_at: Date;
}
