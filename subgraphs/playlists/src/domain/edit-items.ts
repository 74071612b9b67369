import {
  type AcceptEdit,
  type EditAnswer,
  type EditRequest,
  judgeEditor,
  type Prepared,
  refuseWith,
  stale,
} from './accept-edit.ts';
import { maxItems, maxPositionLength } from './limits.ts';
import type { AddedItem } from './operation.ts';
import type { OperationNames } from './operation-names.ts';
import type { LockedPlaylist, Place } from './playlist-repository.ts';
import { type Gap, positionsIn } from './position.ts';
import type { Problem } from './problem.ts';
import { includes, type Revisions } from './snapshot.ts';
import type { FoundTracks, TrackFinder } from './track-finder.ts';

interface TracksRequest extends EditRequest {
  /** UUIDs; the same one may come twice. */
  readonly trackIds: readonly string[];
}
interface ItemsRequest extends EditRequest {
  /** UUIDs. */
  readonly itemIds: readonly string[];
}

/** The edits that the owner and collaborators share. */
export function createItemEdits(
  accept: AcceptEdit,
  { names, findTracks }: { names: OperationNames; findTracks: TrackFinder },
) {
  return {
    /** Tracks that are unknown are left out, each with a problem. */
    async addItems(request: TracksRequest & { readonly place: Place }): Promise<EditAnswer> {
      const { operationId, trackIds, place } = request;
      const tracks = await findTracks(trackIds);
      return accept(request, {
        type: 'ADD_ITEMS',
        asked: [trackIds, place],
        judge: judgeEditor,
        async prepare(locked) {
          if (tracks.found.length === 0) return refuseWith(...tracks.problems);
          const full = problemsOfRoom(locked, tracks.found.length, 0);
          if (full) return refuseWith(full);
          const items = toItems(tracks, await locked.findGap(place, []), operationId, trackIds.length, names);
          return unlessCrowded(items, { change: { type: 'ADD_ITEMS', items }, problems: tracks.problems });
        },
      });
    },

    /** Items that are gone already, or not here yet, are no error: whatever comes of them later, they are removed. */
    removeItems(request: ItemsRequest): Promise<EditAnswer> {
      const itemIds = [...new Set(request.itemIds)];
      return accept(request, {
        type: 'REMOVE_ITEMS',
        asked: [itemIds],
        judge: judgeEditor,
        prepare: async () => ({ change: { type: 'REMOVE_ITEMS', itemIds }, problems: [] }),
      });
    },

    moveItems(request: ItemsRequest & { readonly place: Place }): Promise<EditAnswer> {
      const itemIds = [...new Set(request.itemIds)];
      return accept(request, {
        type: 'MOVE_ITEMS',
        asked: [itemIds, request.place],
        judge: judgeEditor,
        async prepare(locked) {
          const gap = await locked.findGap(request.place, itemIds);
          const positions = positionsIn(gap, request.operationId, itemIds.length);
          const items = itemIds.map((id, index) => ({ id, position: positions[index] as string }));
          return unlessCrowded(items, { change: { type: 'MOVE_ITEMS', items }, problems: [] });
        },
      });
    },

    /** Removes what the viewer had seen, which is decided here and now, and puts tracks in front of what stays. */
    async replaceItems(request: TracksRequest & { readonly seen: Revisions }): Promise<EditAnswer> {
      const { operationId, trackIds, seen } = request;
      const tracks = await findTracks(trackIds);
      return accept(request, {
        type: 'REPLACE_ITEMS',
        asked: [trackIds, seen],
        judge: judgeEditor,
        async prepare(locked) {
          // Nobody should lose a playlist to a list of tracks of which none exists.
          if (tracks.found.length === 0 && trackIds.length > 0) return refuseWith(...tracks.problems);
          if (!includes(seen, locked.compacted)) return refuseWith(stale('seenSnapshot'));
          const removedIds = await locked.findSeenItemIds(seen);
          const full = problemsOfRoom(locked, tracks.found.length, removedIds.length);
          if (full) return refuseWith(full);
          const gap = await locked.findGap({ at: 'START' }, removedIds);
          const items = toItems(tracks, gap, operationId, trackIds.length, names);
          const change = { type: 'REPLACE_ITEMS', removedIds, items } as const;
          return unlessCrowded(items, { change, problems: tracks.problems });
        },
      });
    },
  };
}

/**
 * The items that tracks become. Ids and positions go by a track's place in what was asked for, so that an operation which
 * two replicas accept, and of which they leave out different tracks, never makes one position twice.
 */
export function toItems(
  { found }: FoundTracks,
  gap: Gap,
  operationId: string,
  asked: number,
  names: OperationNames,
): AddedItem[] {
  if (found.length === 0) return [];
  const positions = positionsIn(gap, operationId, asked);
  return found.map(({ index, trackId, albumId }) => ({
    id: names.itemId(operationId, index),
    trackId,
    albumId,
    position: positions[index] as string,
  }));
}

function problemsOfRoom({ itemCount }: LockedPlaylist, added: number, removed: number): Problem | null {
  if (itemCount - removed + added <= maxItems) return null;
  const message = `A playlist holds at most ${maxItems} items; this one has ${itemCount}.`;
  return { field: ['trackIds'], code: 'LIMIT_REACHED', message };
}

function unlessCrowded(items: readonly { readonly position: string }[], prepared: Prepared): Prepared {
  if (items.every(({ position }) => position.length <= maxPositionLength)) return prepared;
  const message = 'Too many edits were made at this one place: choose another, or come back tomorrow.';
  return refuseWith({ field: ['place'], code: 'LIMIT_REACHED', message });
}
