import type { TryHold } from '@medley/database';
import { type EventLog, followGroup, pause } from '@medley/event-log';
import { analyticsCounts, analyticsPopularity, playEvents } from '@medley/events';
import type { Logger, Metrics } from '@medley/service';
import type { DayCountsRepository } from './domain/day-counts.ts';
import type { Generations } from './domain/generations.ts';
import type { PopularityRepository } from './domain/popularity.ts';
import { dueDays, lastDayOver, type WorkDone } from './domain/work-done.ts';
import { playsGroup } from './ingestion.ts';
import { measurePopularity } from './measure-popularity.ts';
import { tellCounts } from './tell-counts.ts';

export interface DailyWorkOptions {
  /** What it works with: `daily` of the repositories. */
  readonly daily: {
    readonly done: WorkDone;
    readonly popularity: PopularityRepository;
    readonly counts: DayCountsRepository;
    readonly tryHold: TryHold;
  };
  readonly generations: Pick<Generations, 'find'>;
  readonly log: Pick<EventLog, 'append' | 'admin'>;
  /** Tracks that are played less in 28 days have the popularity that catalog knows; 100 unless told otherwise. */
  readonly popularityMinPlays?: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** How often it looks whether something is due, in milliseconds; a minute unless told otherwise. */
  readonly everyMs?: number;
}

/** Work for a day that is over. Done again for the same day it does no harm. */
interface Work {
  readonly name: 'popularity' | 'counts';
  readonly run: (day: Date, signal: AbortSignal) => Promise<void>;
  /** Whether the last day makes up for those before. */
  readonly onlyLast: boolean;
}

/**
 * Does once a day, ten minutes after it is over in UTC and once its plays are counted, what is made of whole days: tells catalog how
 * popular tracks are, and whoever wants to know how often each was played. One process does it; what was missed is made up for.
 * @returns gives it up between two pages, and resolves when it is over
 */
export function startDailyWork(options: DailyWorkOptions): () => Promise<void> {
  const { daily, generations, log, popularityMinPlays: minPlays = 100, logger, metrics } = options;
  const { clock = Date.now, everyMs = 60_000 } = options;
  const meter = createMeter(metrics);
  const stopping = new AbortController();
  let trouble = false;

  const works: readonly Work[] = [
    {
      name: 'popularity',
      onlyLast: true,
      run: (day, signal) =>
        measurePopularity(day, {
          ...{ rows: daily.popularity, log, minPlays, signal, clock },
          onTold: (events) => meter.told.inc({ topic: analyticsPopularity.name }, events),
        }),
    },
    {
      name: 'counts',
      onlyLast: false,
      run: (day, signal) =>
        tellCounts(day, {
          ...{ rows: daily.counts, log, signal },
          onTold: (events) => meter.told.inc({ topic: analyticsCounts.name }, events),
        }),
    },
  ];

  async function findDue({ name, onlyLast }: Work): Promise<readonly Date[]> {
    const done = await daily.done.find(name);
    if (done) meter.done.set({ work: name }, done.at.getTime() / 1_000);
    const due = dueDays(done?.day ?? null, lastDayOver(new Date(clock())));
    return onlyLast ? due.slice(-1) : due;
  }

  async function look(): Promise<void> {
    const due = await Promise.all(works.map(findDue));
    if (due.every(({ length }) => length === 0)) return;
    const hold = await daily.tryHold('analytics daily work');
    if (!hold) return;
    try {
      await doAll(AbortSignal.any([stopping.signal, hold.lost]));
    } finally {
      await hold.release();
    }
  }

  async function doAll(signal: AbortSignal): Promise<void> {
    // Without numbers all would be forgotten.
    if (!(await generations.find()).current) return;
    const isCounted = await followGroup(log, { group: playsGroup, topic: playEvents.name, signal });
    if (!isCounted) signal.throwIfAborted();
    // One that fails does not keep the other from being done.
    const outcomes: PromiseSettledResult<void>[] = [];
    for (const work of works) outcomes.push(...(await Promise.allSettled([doDue(work, signal)])));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async function doDue(work: Work, signal: AbortSignal): Promise<void> {
    // Asked once more: somebody may have done it since.
    for (const day of await findDue(work)) {
      await work.run(day, signal);
      await daily.done.note(work.name, day, new Date(clock()));
      await findDue(work);
      logger.info({ work: work.name, day: day.toISOString().slice(0, 10) }, 'the work of a day is done');
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await look();
        trouble = false;
      } catch (error) {
        if (stopping.signal.aborted) return;
        meter.failures.inc();
        if (!trouble) logger.warn({ err: error }, 'the work of a day cannot be done; it is tried again');
        trouble = true;
      }
      await pause(everyMs, stopping.signal);
    }
  }

  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}

const createMeter = (metrics: Metrics) => ({
  told: metrics.counter(
    'medley_analytics_daily_events_total',
    'Events that were told of whole days, by topic.',
    ['topic'],
  ),
  done: metrics.gauge(
    'medley_analytics_daily_work_done_seconds',
    'When the work of a day was last done, Unix time, by what was done.',
    ['work'],
  ),
  failures: metrics.counter(
    'medley_analytics_daily_work_failures_total',
    'Times that the work of a day failed, and is tried again.',
    [],
  ),
});
