import type { Privacy } from './playlist.ts';
import type { Problem } from './problem.ts';

/** An item as an operation adds it. */
export interface AddedItem {
  /** UUID */
  readonly id: string;
  readonly trackId: string;
  /** Null when the catalog could not say. */
  readonly albumId: string | null;
  readonly position: string;
  /** Unless it is when the operation was accepted: imports bring their own. */
  readonly addedAt?: Date;
}

/** Where an item goes. */
export interface PlacedItem {
  /** UUID */
  readonly id: string;
  readonly position: string;
}

/** What an operation does, with all that was decided when it was accepted: positions, and which items were meant. */
export type Change =
  | {
      readonly type: 'CREATE';
      readonly ownerId: string;
      readonly name: string;
      readonly description: string | null;
      readonly privacy: Privacy;
      readonly items: readonly AddedItem[];
      /** Unless it is when the operation was accepted: imports bring their own. */
      readonly createdAt?: Date;
    }
  | { readonly type: 'RENAME'; readonly name: string }
  | { readonly type: 'DESCRIBE'; readonly description: string | null }
  | { readonly type: 'SET_PRIVACY'; readonly privacy: Privacy }
  | { readonly type: 'DELETE' }
  | { readonly type: 'ADD_COLLABORATOR'; readonly userId: string }
  | { readonly type: 'REMOVE_COLLABORATOR'; readonly userId: string }
  | { readonly type: 'ADD_ITEMS'; readonly items: readonly AddedItem[] }
  | { readonly type: 'REMOVE_ITEMS'; readonly itemIds: readonly string[] }
  | { readonly type: 'MOVE_ITEMS'; readonly items: readonly PlacedItem[] }
  | {
      readonly type: 'REPLACE_ITEMS';
      readonly removedIds: readonly string[];
      readonly items: readonly AddedItem[];
    };

/** An edit that a replica has accepted: any replica merges it to the same, in any order, any number of times. */
export interface Operation {
  /** UUID, chosen by the client. */
  readonly id: string;
  readonly playlistId: string;
  /** Null for an import and for what the service does itself. */
  readonly actorId: string | null;
  /** Which replica accepted it, */
  readonly replica: string;
  /** as its how manieth on this playlist, from 1. */
  readonly revision: number;
  /** See hybrid-clock.ts. */
  readonly clock: string;
  readonly acceptedAt: Date;
  /** What was asked for, hashed: the same id with something else is refused. */
  readonly digest: string;
  readonly change: Change;
  /** What was left out of it, to be told again when it is sent again. */
  readonly problems: readonly Problem[];
}

/** The items that an operation names. */
export function itemIdsOf(change: Change): readonly string[] {
  switch (change.type) {
    case 'CREATE':
    case 'ADD_ITEMS':
    case 'MOVE_ITEMS':
      return change.items.map(({ id }) => id);
    case 'REMOVE_ITEMS':
      return change.itemIds;
    case 'REPLACE_ITEMS':
      return [...change.removedIds, ...change.items.map(({ id }) => id)];
    default:
      return [];
  }
}

/** The items that an operation adds. */
export const addedIdsOf = (change: Change): readonly string[] =>
  change.type === 'CREATE' || change.type === 'ADD_ITEMS' || change.type === 'REPLACE_ITEMS'
    ? change.items.map(({ id }) => id)
    : [];
