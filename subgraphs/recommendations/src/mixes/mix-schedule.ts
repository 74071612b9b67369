import type { Hold, TryHold } from '@medley/database';
import { pause } from '@medley/event-log';
import type { Logger, Metrics } from '@medley/service';
import type { MixMaker } from '../domain/mix-maker.ts';
import { dayOf } from '../domain/mix-periods.ts';
import type { MixRepository } from '../domain/mixes.ts';
import type { PlayHistory } from '../domain/play-history.ts';
import type { ScheduledWork } from '../domain/scheduled-work.ts';

export interface MixScheduleOptions {
  readonly maker: MixMaker;
  readonly history: Pick<PlayHistory, 'activeUsers'>;
  readonly mixes: Pick<MixRepository, 'prune'>;
  readonly work: ScheduledWork;
  readonly tryHold: TryHold;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** How often it looks whether mixes are due, in milliseconds; a minute unless told otherwise. */
  readonly everyMs?: number;
  /** How long it rests after each account, as a multiple of how long that took; 1 unless told otherwise. */
  readonly rest?: number;
}

/** Who played nothing for this long gets mixes when coming back, not before. */
const activeMs = 28 * 86_400_000;
const pageSize = 100;
/** After so many failures in turn it waits, and begins the page anew. */
const mostFailed = 5;
const work = 'mixes';

/**
 * Makes the mixes of each day, and on Mondays those of the week, for all accounts that were active in the last 28 days. One process does
 * it; another one goes on where it was. What fails for one account keeps no other from its mixes: it gets them when it asks.
 * @returns gives it up after the account that it is at, and resolves when it is over
 */
export function startMixSchedule(options: MixScheduleOptions): () => Promise<void> {
  const { maker, history, mixes, tryHold, logger, metrics, rest = 1 } = options;
  const { clock = Date.now, everyMs = 60_000 } = options;
  const meter = createMeter(metrics);
  const stopping = new AbortController();
  let trouble = false;
  let failedInTurn = 0;

  async function look(): Promise<void> {
    const day = dayOf(new Date(clock())).name;
    const state = await options.work.find(work);
    if (state.doneAt) meter.done.set(state.doneAt.getTime() / 1_000);
    if (state.done !== null && state.done >= day) return;
    const hold = await tryHold('recommendations mixes');
    if (!hold) return;
    try {
      await makeAll(day, hold);
    } finally {
      await hold.release();
    }
  }

  async function makeAll(day: string, hold: Hold): Promise<void> {
    const signal = AbortSignal.any([stopping.signal, hold.lost]);
    // Asked once more: somebody may have come on since.
    const { done, place } = await options.work.find(work);
    if (done !== null && done >= day) return;
    let after = place?.day === day && typeof place.after === 'string' ? place.after : null;
    const since = new Date(clock() - activeMs);
    for (;;) {
      const users = await history.activeUsers({ since, after, limit: pageSize });
      for (const userId of users) {
        if (signal.aborted) return;
        await makeFor(userId, signal);
      }
      after = users.at(-1) ?? null;
      if (after === null || users.length < pageSize) break;
      await options.work.notePlace(work, { day, after });
    }
    if (signal.aborted) return;
    meter.pruned.inc(await mixes.prune(new Date(clock())));
    await options.work.noteDone(work, day, new Date(clock()));
    meter.done.set(clock() / 1_000);
    logger.info({ day }, 'the mixes of a day are made');
  }

  async function makeFor(userId: string, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    try {
      await maker.makeIfDue(userId);
      meter.users.inc({ outcome: 'looked at' });
      failedInTurn = 0;
    } catch (error) {
      meter.users.inc({ outcome: 'failed' });
      failedInTurn += 1;
      // Not the account is the reason then.
      if (failedInTurn >= mostFailed) throw error;
      logger.warn({ err: error, userId }, 'the mixes of an account cannot be made');
    }
    // Who asks for something comes first.
    await pause(rest * (performance.now() - startedAt), signal);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await look();
        trouble = false;
      } catch (error) {
        if (!trouble) logger.warn({ err: error }, 'mixes cannot be made; it is tried again');
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
  users: metrics.counter(
    'medley_recommendations_mixes_users_total',
    'Accounts to which the schedule of mixes came, by what came of it',
    ['outcome'],
  ),
  pruned: metrics.counter(
    'medley_recommendations_mixes_pruned_total',
    'Mixes that were forgotten, as far as that is known',
  ),
  done: metrics.gauge(
    'medley_recommendations_mixes_done_seconds',
    'When the schedule last came to the end of all accounts, Unix time',
  ),
});
