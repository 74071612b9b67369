import type { AddedItem, Operation, PlacedItem } from './operation.ts';
import {
  type CollaboratorState,
  emptyItem,
  type ItemState,
  type PlaylistState,
  type Register,
} from './playlist-state.ts';
import { withRevision } from './snapshot.ts';

/**
 * The playlist with an operation merged into it: the one way in for edits made here, edits of other replicas, and
 * repetitions of both. Commutative, associative and idempotent: each value is the least or the greatest of what all
 * operations say, so their order and number do not matter.
 */
export function mergeOperation(state: PlaylistState, operation: Operation): PlaylistState {
  const { clock, replica, revision, acceptedAt } = operation;
  return mergeChange(
    {
      ...state,
      clock: clock > state.clock ? clock : state.clock,
      updatedAt: latest(state.updatedAt, acceptedAt),
      revisions: withRevision(state.revisions, replica, revision),
    },
    operation,
  );
}

function mergeChange(state: PlaylistState, operation: Operation): PlaylistState {
  const { change, clock, acceptedAt } = operation;
  switch (change.type) {
    case 'CREATE': {
      const created = { ownerId: change.ownerId, at: change.createdAt ?? acceptedAt, clock };
      return {
        ...state,
        created: first(state.created, created),
        name: last(state.name, { value: change.name, clock }),
        description: last(state.description, { value: change.description, clock }),
        privacy: last(state.privacy, { value: change.privacy, clock }),
        items: mergeItems(state.items, change.items, add(operation)),
      };
    }
    case 'RENAME':
      return { ...state, name: last(state.name, { value: change.name, clock }) };
    case 'DESCRIBE':
      return { ...state, description: last(state.description, { value: change.description, clock }) };
    case 'SET_PRIVACY':
      return { ...state, privacy: last(state.privacy, { value: change.privacy, clock }) };
    case 'DELETE':
      return { ...state, deletedAt: earliest(state.deletedAt, acceptedAt) };
    case 'ADD_COLLABORATOR':
      return mergeCollaborator(state, change.userId, { value: { active: true, since: acceptedAt }, clock });
    case 'REMOVE_COLLABORATOR':
      return mergeCollaborator(state, change.userId, { value: { active: false, since: acceptedAt }, clock });
    case 'ADD_ITEMS':
      return { ...state, items: mergeItems(state.items, change.items, add(operation)) };
    case 'MOVE_ITEMS':
      return { ...state, items: mergeItems(state.items, change.items, place(clock)) };
    case 'REMOVE_ITEMS':
      return { ...state, items: mergeItems(state.items, named(change.itemIds), remove(acceptedAt)) };
    case 'REPLACE_ITEMS': {
      const left = mergeItems(state.items, named(change.removedIds), remove(acceptedAt));
      return { ...state, items: mergeItems(left, change.items, add(operation)) };
    }
  }
}

function mergeItems<Named extends { readonly id: string }>(
  items: PlaylistState['items'],
  names: readonly Named[],
  merge: (item: ItemState, named: Named) => ItemState,
): PlaylistState['items'] {
  const merged = new Map(items);
  for (const name of names) merged.set(name.id, merge(merged.get(name.id) ?? emptyItem, name));
  return merged;
}

const named = (ids: readonly string[]) => ids.map((id) => ({ id }));

const add =
  ({ actorId, clock, replica, revision, acceptedAt }: Operation) =>
  (item: ItemState, { trackId, albumId, position, addedAt = acceptedAt }: AddedItem): ItemState => ({
    ...item,
    added: first(item.added, { trackId, albumId, at: addedAt, by: actorId, clock, replica, revision }),
    position: last(item.position, { value: position, clock }),
  });

const place =
  (clock: string) =>
  (item: ItemState, { position }: PlacedItem): ItemState => ({
    ...item,
    position: last(item.position, { value: position, clock }),
  });

const remove =
  (at: Date) =>
  (item: ItemState): ItemState => ({ ...item, removedAt: earliest(item.removedAt, at) });

function mergeCollaborator(state: PlaylistState, userId: string, given: CollaboratorState): PlaylistState {
  const collaborator = last(state.collaborators.get(userId) ?? null, given);
  return { ...state, collaborators: new Map(state.collaborators).set(userId, collaborator) };
}

const last = <Value>(known: Register<Value> | null, given: Register<Value>): Register<Value> =>
  known && known.clock >= given.clock ? known : given;

const first = <Value extends { readonly clock: string }>(known: Value | null, given: Value): Value =>
  known && known.clock <= given.clock ? known : given;

const latest = (a: Date, b: Date): Date => (a >= b ? a : b);

const earliest = (a: Date | null, b: Date): Date => (a && a <= b ? a : b);
