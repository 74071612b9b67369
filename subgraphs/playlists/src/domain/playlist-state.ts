import { noClock } from './hybrid-clock.ts';
import type { Privacy, Role } from './playlist.ts';
import type { Revisions } from './snapshot.ts';

/** A value that the operation with the latest clock decides. */
export interface Register<Value> {
  readonly value: Value;
  readonly clock: string;
}

/** What operations on one playlist amount to, wherever and in whichever order they were merged. */
export interface PlaylistState {
  /** UUID */
  readonly id: string;
  /** By the first operation that created it; null until that has come. */
  readonly created: { readonly ownerId: string; readonly at: Date; readonly clock: string } | null;
  readonly name: Register<string> | null;
  readonly description: Register<string | null> | null;
  readonly privacy: Register<Privacy> | null;
  readonly updatedAt: Date;
  /** Deleted is deleted, whatever else happens. */
  readonly deletedAt: Date | null;
  /** The latest of all that were merged. */
  readonly clock: string;
  readonly revisions: Revisions;
  /** By the UUID of the account. */
  readonly collaborators: ReadonlyMap<string, CollaboratorState>;
  /** By their UUIDs. Of those in the database only the ones that the operation names. */
  readonly items: ReadonlyMap<string, ItemState>;
}

export type CollaboratorState = Register<{ readonly active: boolean; readonly since: Date }>;

/** An item, whether it is there, was removed, or was named by an operation that came before its add. */
export interface ItemState {
  /** By the first operation that added it; null until that has come. */
  readonly added: {
    readonly trackId: string;
    readonly albumId: string | null;
    readonly at: Date;
    /** Null when it came with an import. */
    readonly by: string | null;
    readonly clock: string;
    readonly replica: string;
    readonly revision: number;
  } | null;
  readonly position: Register<string> | null;
  /** Removed is removed, whatever else happens: who wants it back adds it again. */
  readonly removedAt: Date | null;
}

export const emptyPlaylist = (id: string): PlaylistState => ({
  id,
  created: null,
  name: null,
  description: null,
  privacy: null,
  updatedAt: new Date(0),
  deletedAt: null,
  clock: noClock,
  revisions: {},
  collaborators: new Map(),
  items: new Map(),
});

export const emptyItem: ItemState = { added: null, position: null, removedAt: null };

export const isThere = ({ created, deletedAt }: PlaylistState): boolean =>
  created !== null && deletedAt === null;

export const isItemThere = ({ added, removedAt }: ItemState): boolean => added !== null && removedAt === null;

export function roleOf({ created, collaborators }: PlaylistState, viewerId: string): Role {
  if (created?.ownerId === viewerId) return 'OWNER';
  return collaborators.get(viewerId)?.value.active ? 'COLLABORATOR' : 'STRANGER';
}
