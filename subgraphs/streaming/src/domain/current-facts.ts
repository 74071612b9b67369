import { inTime } from '@medley/timing';
import type { AgeClock } from './age-clock.ts';
import { type FactsRequest, FactsUnavailableError } from './facts.ts';
import type { Current, HeldFacts } from './held-facts.ts';
import type { PrimaryReads } from './primary-reads.ts';

/** Facts that are no older than a decision may rest on. */
export interface CurrentFacts<Fact> {
  /**
   * In the order of the ids.
   * @throws FactsUnavailableError when they cannot be had in time
   */
  find(ids: readonly string[], request: FactsRequest): Promise<readonly Current<Fact>[]>;
  /** Whether a decision may rest on it now: something else may have taken long since it was found. */
  isRecent(current: Current<Fact>): boolean;
}

/** What was found, for the metrics. */
export type FactsFound = 'held' | 'read' | 'unavailable';

/**
 * How old a fact may be in a decision, in milliseconds: less than the second that licences promise by what it takes to hand the
 * answer on.
 */
const decidableMs = 900;

/** Facts that are held, else read at the primary. */
export function createCurrentFacts<Fact>({
  held,
  reads,
  now,
  clock,
  observe = () => {},
  longestWaitMs = 800,
}: {
  held: Pick<HeldFacts<Fact>, 'find'>;
  reads: PrimaryReads<Fact>;
  now: AgeClock;
  /** Milliseconds since 1970. */
  clock: () => number;
  observe?: (found: FactsFound, count: number) => void;
  /** How long facts are worth waiting for, in milliseconds. */
  longestWaitMs?: number;
}): CurrentFacts<Fact> {
  return {
    isRecent: ({ asOf }) => now() - asOf <= decidableMs,

    async find(ids, { requestId, deadline }) {
      const found = new Map<string, Current<Fact>>();
      for (const id of ids) {
        const current = held.find(id);
        if (current) found.set(id, current);
      }
      if (found.size > 0) observe('held', found.size);
      const missing = ids.filter((id) => !found.has(id));
      if (missing.length > 0) {
        try {
          const waitMs = Math.min(longestWaitMs, deadline - timeToAnswerMs - clock());
          const read = await within(waitMs, () => Promise.all(reads.find(missing, requestId)));
          for (const [index, id] of missing.entries()) found.set(id, read[index] as Current<Fact>);
          observe('read', missing.length);
        } catch (error) {
          observe('unavailable', missing.length);
          throw error;
        }
      }
      return ids.map((id) => found.get(id) as Current<Fact>);
    },
  };
}

// What it takes to decide and to hand the answer on, so that "undecided" still arrives in time.
const timeToAnswerMs = 50;

async function within<Value>(waitMs: number, start: () => Promise<Value>): Promise<Value> {
  if (waitMs <= 0) throw new FactsUnavailableError('no time was left to read facts');
  return inTime(start(), waitMs, () => new FactsUnavailableError(`facts took more than ${waitMs} ms`));
}
