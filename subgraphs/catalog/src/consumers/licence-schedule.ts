import { startRounds } from '@medley/timing';
import type { LicenceSchedule, ScheduleStep } from '../domain/licence-schedule.ts';

export interface LicenceScheduleOptions {
  readonly schedule: LicenceSchedule;
  /**
   * How long it sleeps at most, in milliseconds; 250 unless told otherwise. Windows that are set meanwhile, here or in another
   * process, wait for as long at most.
   */
  readonly everyMs?: number;
  /** Told after each look that left nothing to do. */
  readonly onKept?: () => void;
  readonly onApplied?: (step: ScheduleStep) => void;
  /** Told once when the database cannot be asked any more; what begins or ends meanwhile is made up for later. */
  readonly onLost: (error: unknown) => void;
  /** Told when it can again. */
  readonly onBack?: () => void;
}

/**
 * Writes the markets of tracks when their licences begin or end, and forgets old changes of licences. Each process may run
 * it: they take turns, and who comes later finds nothing to do.
 * @returns stops it; what is under way is finished
 */
export function startLicenceSchedule(options: LicenceScheduleOptions): () => Promise<void> {
  const { schedule, everyMs = 250, onKept, onApplied, onLost, onBack } = options;
  let lost = false;
  let prunedAt = -Infinity;

  /** @returns how long to sleep */
  async function look(): Promise<number> {
    const nextInMs = await schedule.findNextInMs();
    if (nextInMs === 0) {
      const step = await schedule.applyDue(maxStep);
      if (step.tracks > 0) onApplied?.(step);
      return 0;
    }
    if (performance.now() - prunedAt > pruneEveryMs) {
      if ((await schedule.pruneChanges(keptMs, maxPruned)) === maxPruned) return 0;
      prunedAt = performance.now();
    }
    onKept?.();
    return Math.min(nextInMs ?? everyMs, everyMs);
  }

  return startRounds(async () => {
    try {
      const sleepMs = await look();
      if (lost) onBack?.();
      lost = false;
      return sleepMs;
    } catch (error) {
      if (!lost) onLost(error);
      lost = true;
      return everyMs;
    }
  });
}

/** Moments in one transaction: readers of an embedded database wait for it. */
const maxStep = 500;
/** Followers who were away for longer read everything anew. */
const keptMs = 86_400_000;
const maxPruned = 10_000;
const pruneEveryMs = 60_000;
