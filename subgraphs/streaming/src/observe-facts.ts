import type { Logger, Metrics } from '@medley/service';
import type { FactsFound } from './domain/current-facts.ts';
import type { HeldFacts } from './domain/held-facts.ts';

/** Whose facts. */
export type FactsKind = 'tracks' | 'accounts';

/** Tells metrics and the log how facts are had. Once in a process. */
export function createFactsObserver({ metrics, logger }: { metrics: Metrics; logger: Logger }) {
  const found = metrics.counter(
    'medley_playback_facts_found_total',
    'Facts that decisions asked for: held in memory, read at the primary, or unavailable in time.',
    ['facts', 'result'],
  );
  const readings = metrics.histogram(
    'medley_playback_facts_read_seconds',
    'How long readings of facts at the primary took, failed ones too.',
    ['facts'],
  );
  const askings = metrics.counter(
    'medley_playback_facts_askings_total',
    'Askings for what changed, by result: told or failed.',
    ['facts', 'result'],
  );
  const age = metrics.gauge(
    'medley_playback_facts_age_seconds',
    'How long ago the last successful asking for changes began; from 0.75 on nothing held is used.',
    ['facts'],
  );
  const entries = metrics.gauge('medley_playback_facts_held', 'Facts that are held in memory.', ['facts']);

  return (facts: FactsKind, held: Pick<HeldFacts<unknown>, 'age' | 'size'>) => {
    let failing = false;
    return {
      found: (result: FactsFound, count: number) => found.inc({ facts, result }, count),
      reading: () => readings.startTimer({ facts }),
      asked(error?: unknown): void {
        askings.inc({ facts, result: error === undefined ? 'told' : 'failed' });
        // Infinite before the first answer, which no dashboard draws.
        age.set({ facts }, Math.min(held.age(), longestAgeMs) / 1_000);
        entries.set({ facts }, held.size());
        if (error !== undefined && !failing)
          logger.warn({ err: error, facts }, 'cannot follow changes of facts');
        if (error === undefined && failing) logger.info({ facts }, 'changes of facts are followed again');
        failing = error !== undefined;
      },
      unheard: (error: unknown) =>
        logger.warn({ err: error, facts }, 'cannot hear changes of facts; asking goes on'),
    };
  };
}

const longestAgeMs = 86_400_000;
