import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeOperation } from '../../src/domain/merge-operation.ts';
import { addedIdsOf, type Operation } from '../../src/domain/operation.ts';
import { emptyPlaylist } from '../../src/domain/playlist-state.ts';
import { writeSnapshot } from '../../src/domain/snapshot.ts';
import { comparable, createMemoryPlaylists, type MemoryPlaylists } from '../memory-playlists.ts';
import { create, playlistId, randomSteps, type Step, toEdit } from './histories.ts';
import { createEditor, type Edit } from './replicas.ts';

interface History {
  /** How many replicas. */
  readonly count: number;
  /** Whether all know the playlist from the start. */
  readonly together: boolean;
  readonly steps: readonly Step[];
}

/** Replicas that hear of each other only what a history delivers, each with a clock of its own that is wrong. */
async function play({ count, together, steps }: History) {
  let time = Date.parse('2026-11-23T08:00:00.000Z');
  const replicas = Array.from({ length: count }, (_, index) => {
    const playlists = createMemoryPlaylists();
    const skewMs = [0, 3_600_000, -3_600_000, 5, -5][index] ?? 0;
    return {
      playlists,
      editor: createEditor(playlists, { replica: `r${index}`, clock: () => new Date(time + skewMs) }),
    };
  });
  const at = (index: number) => replicas[index % count] as (typeof replicas)[number];
  const sent: Edit[] = [create];
  await create(at(0).editor);
  // Else the others hear of it some time.
  if (together) for (const { playlists } of replicas) await playlists.merge(at(0).playlists.operations);
  for (const step of steps) {
    // Often several edits fall into one millisecond.
    time += step.type === 'deliver' ? 1 : 0;
    if (step.type === 'edit') {
      const seen = writeSnapshot(at(step.edit.number).playlists.state(playlistId).revisions);
      const edit = toEdit(step.edit, sent.length, seen);
      sent.push(edit);
      await edit(at(step.replica).editor);
    } else if (step.type === 'repeat') {
      await (sent[step.of % sent.length] as Edit)(at(step.replica).editor);
    } else {
      const { operations } = at(step.from).playlists;
      await at(step.to).playlists.merge(
        step.which.flatMap((which) => operations[which % operations.length] ?? []),
      );
    }
  }
  return replicas.map(({ playlists }) => playlists);
}

/** What all replicas have accepted, each operation of each once. */
function acceptedBy(replicas: readonly MemoryPlaylists[]): Operation[] {
  const all = replicas.flatMap(({ operations }) => operations);
  return [...new Map(all.map((operation) => [`${operation.id} ${operation.replica}`, operation])).values()];
}

const history = fc.record({
  count: fc.integer({ min: 2, max: 5 }),
  together: fc.boolean(),
  steps: randomSteps(40),
  order: fc.infiniteStream(fc.nat()),
});

const shuffle = (operations: readonly Operation[], order: fc.Stream<number>): Operation[] =>
  operations
    .map((operation) => ({ operation, key: order.next().value as number }))
    .sort((a, b) => a.key - b.key)
    .map(({ operation }) => operation);

describe('operations of replicas that were apart', () => {
  it('come to the same on all, in any order, twice, and no add is lost', async () => {
    const seen = { operations: 0, items: 0, removed: 0, early: 0, variants: 0 };
    await fc.assert(
      fc.asyncProperty(history, async ({ order, ...given }) => {
        const replicas = await play(given);
        const accepted = acceptedBy(replicas);
        for (const replica of replicas) {
          await replica.merge(shuffle(accepted, order));
          await replica.merge(shuffle(accepted, order).slice(0, 20));
        }
        const [first, ...others] = replicas as [MemoryPlaylists, ...MemoryPlaylists[]];
        const state = comparable(first.state(playlistId));
        for (const other of others) {
          expect(comparable(other.state(playlistId))).toEqual(state);
          expect(other.order(playlistId)).toEqual(first.order(playlistId));
        }

        const removed = new Set(accepted.flatMap(({ change }) => removedIdsOf(change)));
        const added = new Set(accepted.flatMap(({ change }) => addedIdsOf(change)));
        expect(new Set(first.order(playlistId))).toEqual(
          new Set([...added].filter((id) => !removed.has(id))),
        );

        const names = accepted.flatMap(({ change, clock }) =>
          'name' in change ? [{ name: change.name, clock }] : [],
        );
        expect(state.name?.value).toBe(names.sort((a, b) => (a.clock < b.clock ? 1 : -1))[0]?.name);

        seen.operations += accepted.length;
        seen.items += added.size;
        seen.removed += [...removed].filter((id) => added.has(id)).length;
        seen.early += [...removed].filter((id) => !added.has(id)).length;
        seen.variants += accepted.length - new Set(accepted.map(({ id }) => id)).size;
      }),
      { numRuns: 2_000 },
    );
    // The histories are worth something: each of what can go wrong happened often.
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(300);
  });

  it('merge to the same whichever two come first, and once is as good as twice', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ order, ...given }) => {
        const accepted = shuffle(acceptedBy(await play(given)), order);
        const merge = (operations: readonly Operation[]) =>
          comparable(operations.reduce(mergeOperation, emptyPlaylist(playlistId)));
        const once = merge(accepted);
        expect(merge([...accepted, ...accepted])).toEqual(once);
        expect(merge(accepted.toReversed())).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });
});

const removedIdsOf = (change: Operation['change']): readonly string[] => {
  if (change.type === 'REMOVE_ITEMS') return change.itemIds;
  return change.type === 'REPLACE_ITEMS' ? change.removedIds : [];
};
