import { planSteps, type Step } from './follow-source.ts';
import { tick } from './hybrid-clock.ts';
import { maxItems } from './limits.ts';
import type { AddedItem, Change, Operation } from './operation.ts';
import type { LockedPlaylist, PlaylistRepository } from './playlist-repository.ts';
import type { FoundPlaylist, PlaylistWriter, SourceItem, WrittenPlaylist } from './playlist-writer.ts';
import { positionsIn } from './position.ts';

export interface WritingDependencies {
  readonly playlists: Pick<PlaylistRepository, 'change'>;
  /** What is here of a playlist, in one statement; null when it is not known. */
  readonly find: (id: string) => Promise<FoundPlaylist | null>;
  /** Names this database among its replicas. */
  readonly replica: string;
  readonly clock: () => Date;
  /** A new UUID, of version 7. */
  readonly newId: () => string;
}

/** Writes what sources say through the same record of operations as people's edits, so that whoever follows it sees them. */
export function createPlaylistWriter({
  playlists,
  find,
  replica,
  clock,
  newId,
}: WritingDependencies): PlaylistWriter {
  return {
    async write(wanted) {
      const found = await find(wanted.id);
      const { steps, leftOut, reason } = planSteps(wanted, found);
      const written = { outcome: 'REFUSED', added: 0, removed: 0, leftOut, reason } as const;
      if (reason !== null) return written;
      let { added, removed }: Pick<WrittenPlaylist, 'added' | 'removed'> = written;
      for (const step of steps) {
        const refusal = await playlists.change(wanted.id, { begins: step.type === 'CREATE' }, takeStep(step));
        if (refusal !== null) return { ...written, added, removed, reason: refusal };
        if ('items' in step) added += step.items.length;
        if ('itemIds' in step) removed += step.itemIds.length;
      }
      const outcome = steps.length === 0 ? 'UNCHANGED' : found?.ownerId ? 'CHANGED' : 'ADDED';
      return { outcome, added, removed, leftOut, reason };
    },
  };

  /** @returns why it is not taken; null when it is */
  function takeStep(step: Step) {
    return async (locked: LockedPlaylist | null) => {
      if (!locked || locked.state.deletedAt) return refuse('it was deleted here meanwhile');
      const adds = 'items' in step ? step.items.length : 0;
      if (locked.itemCount + adds > maxItems)
        return refuse(`with what people added it would have more than ${maxItems} items`);
      const id = newId();
      const now = clock();
      const operation: Operation = {
        id,
        playlistId: locked.state.id,
        actorId: null,
        replica,
        revision: (locked.state.revisions[replica] ?? 0) + 1,
        clock: tick(locked.state.clock, now.getTime(), replica),
        acceptedAt: now,
        // Its id is used once, and by nobody else.
        digest: 'source',
        change: await toChange(step, locked, id),
        problems: [],
      };
      return { operation, result: null };
    };
  }
}

async function toChange(step: Step, locked: LockedPlaylist, operationId: string): Promise<Change> {
  if (!('items' in step)) return step;
  return { ...step, items: await atTheEnd(step.items, locked, operationId) };
}

async function atTheEnd(
  items: readonly SourceItem[],
  locked: LockedPlaylist,
  operationId: string,
): Promise<AddedItem[]> {
  if (items.length === 0) return [];
  const positions = positionsIn(await locked.findGap({ at: 'END' }, []), operationId, items.length);
  return items.map((item, index) => ({ ...item, position: positions[index] as string }));
}

const refuse = (reason: string) => ({ operation: null, result: reason });
