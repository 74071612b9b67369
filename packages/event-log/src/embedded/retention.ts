import { laneKey, recordKey, writeOffset } from './keys.ts';
import type { LevelStore } from './level-store.ts';
import { findOffsetAt } from './reader.ts';
import type { PartitionState } from './topics.ts';
import type { Writer } from './writer.ts';

/** How many records are deleted at a time. */
const pageSize = 5_000;
/** From how many on it is worth to give their space back at once. */
const worthCompacting = 50_000n;

/** Deletes what is older than `oldest`. First the bound is written, so that nobody sees a partition with holes. */
export async function trimPartition(
  store: LevelStore,
  writer: Writer,
  partition: PartitionState,
  oldest: Date,
  signal: AbortSignal,
): Promise<void> {
  const before = partition.low;
  const low = await findOffsetAt(store, partition, oldest);
  if (low > before) {
    await writer.write({
      sync: false,
      bytes: 8,
      prepare: () => [{ type: 'put', key: laneKey('l', partition), value: writeOffset(low) }],
      done: () => {
        partition.low = low;
      },
    });
  }
  // Also what a process that was killed left behind.
  const [gte, lt] = [recordKey(partition, 0n), recordKey(partition, low)];
  for (;;) {
    if (signal.aborted) return;
    const [first] = await store.level.keys({ gte, lt, limit: 1 }).all();
    if (!first) break;
    await store.level.clear({ gte: first, lt, limit: pageSize });
  }
  if (low - before >= worthCompacting) await store.level.compactRange(gte, lt);
}
