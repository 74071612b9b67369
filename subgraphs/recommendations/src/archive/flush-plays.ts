import type { ArchiveStore } from '../domain/archive-store.ts';
import type { ArchivePart, WaitingPlays } from '../domain/waiting-plays.ts';
import { fileOf } from './archive-names.ts';
import { encodePlays } from './encode-plays.ts';
import type { DueDay } from './plan-flush.ts';

export interface FlushDependencies {
  readonly waiting: WaitingPlays;
  readonly store: Pick<ArchiveStore, 'write'>;
  readonly partPlays: number;
  readonly clock: () => number;
  readonly onPart: (part: { readonly plays: number; readonly bytes: number }) => void;
  /** Stops it between two parts. */
  readonly signal?: AbortSignal;
}

/** Writes parts that somebody named and did not finish. */
export async function finishParts(dependencies: FlushDependencies): Promise<void> {
  for (const part of await dependencies.waiting.findParts()) {
    if (dependencies.signal?.aborted) return;
    await writePart(part, dependencies);
  }
}

/** Writes as many plays of these days: full parts, and one with what is left. */
export async function flushDays(days: readonly DueDay[], dependencies: FlushDependencies): Promise<void> {
  const { waiting, partPlays, signal } = dependencies;
  for (const { day, plays } of days) {
    for (let left = plays; left > 0 && !signal?.aborted; ) {
      const part = await waiting.namePart(day, Math.min(left, partPlays));
      if (!part) break;
      await writePart(part, dependencies);
      left -= part.plays;
    }
  }
}

/** A part never changes once it is named: two that write it at once write the same. */
async function writePart(part: ArchivePart, dependencies: FlushDependencies): Promise<void> {
  const { waiting, store, clock, onPart } = dependencies;
  const { content, plays } = await encodePlays(waiting.readPart(part));
  // Somebody else wrote and forgot it meanwhile: what was read here is the half of it.
  if (plays < part.plays) return;
  await store.write(fileOf(part), content);
  await waiting.forgetPart(part, new Date(clock()));
  onPart({ plays, bytes: content.byteLength });
}
