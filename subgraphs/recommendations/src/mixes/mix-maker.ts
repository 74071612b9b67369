import { type EventLog, publishEvents } from '@medley/event-log';
import { createEvent, recommendationsTopic, recommendationsUpdated } from '@medley/events';
import { encodeId } from '@medley/ids';
import type { Logger, Metrics } from '@medley/service';
import { LRUCache } from 'lru-cache';
import type { MixMaker } from '../domain/mix-maker.ts';
import { dayOf, weekOf } from '../domain/mix-periods.ts';
import type { Mix, MixKind, MixRepository } from '../domain/mixes.ts';
import { type MixPorts, makeMixes } from './make-mixes.ts';

export interface MixMakerOptions extends Omit<MixPorts, 'mixes'> {
  readonly mixes: Pick<MixRepository, 'findOfUser' | 'save'>;
  readonly log: Pick<EventLog, 'append'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How many accounts get mixes at the same time; 2 unless told otherwise. */
  readonly atOnce?: number;
  /** How many may wait for that; 200 unless told otherwise. */
  readonly mostWaiting?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** After how long it is looked again whether there is enough to go by, in milliseconds. */
const lookAgainMs = 300_000;

/** Makes mixes, for who asks and for the schedule; of one account once at a time. */
export function createMixMaker(options: MixMakerOptions): MixMaker {
  const { mixes, log, logger, metrics, atOnce = 2, mostWaiting = 200, clock = Date.now, ...ports } = options;
  const meter = createMeter(metrics);
  const underWay = new Map<string, Promise<void>>();
  // What was there, or could not be made, when it was last looked.
  const settled = new LRUCache<string, string>({ max: 20_000, ttl: lookAgainMs });
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn(work: () => Promise<void>): Promise<void> {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) {
        meter.left.inc();
        return;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  }

  async function make(userId: string): Promise<void> {
    const now = new Date(clock());
    const kinds = missing(await mixes.findOfUser(userId, now), now);
    if (kinds.size > 0) {
      const stopTimer = meter.duration.startTimer();
      const made = await makeMixes(userId, { now, kinds, ports: { ...ports, mixes } });
      stopTimer();
      if (made.length > 0) {
        await mixes.save(made);
        for (const { kind } of made) meter.made.inc({ kind });
        await tell(userId, now);
      }
    }
    settled.set(userId, periodOf(now));
  }

  /** That there are other mixes now; who misses it finds them the next time that it looks. */
  async function tell(userId: string, time: Date): Promise<void> {
    const id = encodeId('user', userId);
    const data = { userId: id, cause: 'MIXES', profileVersion: 0, play: null } as const;
    const event = createEvent(recommendationsUpdated, { source: 'recommendations', key: id, time, data });
    await publishEvents(log, recommendationsTopic, [event]).catch((error: unknown) => {
      logger.warn({ err: error }, 'mixes were made, and nobody is told');
    });
  }

  return {
    makeIfDue(userId) {
      if (settled.get(userId) === periodOf(new Date(clock()))) return Promise.resolve();
      const making =
        underWay.get(userId) ?? inTurn(() => make(userId)).finally(() => underWay.delete(userId));
      underWay.set(userId, making);
      return making;
    },
  };
}

/** What an account does not have for this week and this day. */
function missing(fixed: readonly Mix[], now: Date): ReadonlySet<MixKind> {
  const has = (kind: MixKind) => fixed.some((mix) => mix.kind === kind && mix.fixedUntil > now);
  return new Set((['DISCOVER_WEEKLY', 'DAILY_MIX'] as const).filter((kind) => !has(kind)));
}

/** The week begins with a day. */
const periodOf = (now: Date): string => `${weekOf(now).name} ${dayOf(now).name}`;

const createMeter = (metrics: Metrics) => ({
  made: metrics.counter('medley_recommendations_mixes_made_total', 'Mixes that were made, by kind', ['kind']),
  left: metrics.counter(
    'medley_recommendations_mixes_left_total',
    'Times that too many accounts waited for their mixes, and one got none',
  ),
  duration: metrics.histogram(
    'medley_recommendations_mixes_seconds',
    'How long making the mixes of an account takes',
    [],
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  ),
});
