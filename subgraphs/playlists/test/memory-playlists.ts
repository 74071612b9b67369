import { mergeOperation } from '../src/domain/merge-operation.ts';
import { itemIdsOf, type Operation } from '../src/domain/operation.ts';
import type { LockedPlaylist, PlaylistRepository } from '../src/domain/playlist-repository.ts';
import {
  emptyItem,
  emptyPlaylist,
  type ItemState,
  isItemThere,
  type PlaylistState,
} from '../src/domain/playlist-state.ts';

/** What edits need of a repository, in memory: one replica of a model that the property tests run. */
export interface MemoryPlaylists extends Pick<PlaylistRepository, 'change' | 'merge'> {
  /** What was accepted here or merged, in that order. */
  readonly operations: readonly Operation[];
  state(playlistId: string): PlaylistState;
  /** The ids of the items that are there, in order. */
  order(playlistId: string): string[];
}

export function createMemoryPlaylists(): MemoryPlaylists {
  const states = new Map<string, PlaylistState>();
  const operations: Operation[] = [];
  const stateOf = (id: string) => states.get(id) ?? emptyPlaylist(id);

  function merge(operation: Operation) {
    states.set(operation.playlistId, mergeOperation(stateOf(operation.playlistId), operation));
    if (!operations.some(({ id, replica }) => id === operation.id && replica === operation.replica))
      operations.push(operation);
  }

  function lock(id: string): LockedPlaylist {
    const state = stateOf(id);
    const inOrder = orderOf(state);
    return {
      state,
      itemCount: inOrder.length,
      compacted: {},
      findOperation: async (operationId) => operations.find((known) => known.id === operationId) ?? null,
      async findGap(place, ignoring) {
        const positions = inOrder
          .filter(([itemId]) => !ignoring.includes(itemId))
          .map(([, item]) => item.position?.value as string);
        const end = { after: positions.at(-1) ?? null, before: null };
        if ('at' in place) return place.at === 'START' ? { after: null, before: positions[0] ?? null } : end;
        const anchorId = 'afterItemId' in place ? place.afterItemId : place.beforeItemId;
        const anchor = state.items.get(anchorId)?.position?.value;
        if (anchor === undefined) return end;
        return 'afterItemId' in place
          ? { after: anchor, before: positions.find((position) => position > anchor) ?? null }
          : { after: positions.findLast((position) => position < anchor) ?? null, before: anchor };
      },
      findItemIds: async () => inOrder.map(([itemId]) => itemId),
      async findSeenItemIds(seen) {
        return inOrder.flatMap(([itemId, { added }]) =>
          added && added.revision <= (seen[added.replica] ?? 0) ? [itemId] : [],
        );
      },
    };
  }

  return {
    operations,
    state: stateOf,
    order: (id) => orderOf(stateOf(id)).map(([itemId]) => itemId),
    async change(playlistId, { begins }, work) {
      const { operation, result } = await work(begins || states.has(playlistId) ? lock(playlistId) : null);
      if (operation) merge(operation);
      return result;
    },
    async merge(given) {
      given.forEach(merge);
    },
  };
}

/** The items that are there, by position and id. */
function orderOf({ items }: PlaylistState): [string, ItemState][] {
  return [...items]
    .filter(([, item]) => isItemThere(item))
    .sort(
      ([a, { position: left }], [b, { position: right }]) =>
        compare(left?.value ?? '', right?.value ?? '') || compare(a, b),
    );
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** A state without what is told by a single replica only, for comparisons. */
export const comparable = (state: PlaylistState) => ({
  ...state,
  collaborators: [...state.collaborators].sort(([a], [b]) => compare(a, b)),
  items: [...state.items].sort(([a], [b]) => compare(a, b)),
});

export const knownItem = (state: PlaylistState, id: string): ItemState => state.items.get(id) ?? emptyItem;

export const namedItems = (operations: readonly Operation[]) =>
  operations.flatMap(({ change }) => itemIdsOf(change));
