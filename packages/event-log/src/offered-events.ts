import type { Event, TopicContract } from '@medley/events';
import type { Logger, Metrics } from '@medley/service';
import { LogUnavailableError, UnknownTopicError } from './errors.ts';
import type { EventLog } from './event-log.ts';
import { type Lost, meterOffers } from './offered-events-meter.ts';
import { pause } from './pause.ts';
import { toRecords } from './publish.ts';

/** A way to the log for events that may be lost, from where nobody may wait. */
export interface OfferedEvents<Told extends Event = Event> {
  /** Takes the event, or loses it and counts the loss: never waits, never throws. */
  offer(event: Told): void;
  /** Sends what waits, for as long as `drainMs`; counts the rest as lost. Safe to call twice. */
  stop(): Promise<void>;
}

export interface OfferedEventsOptions<Told extends Event> {
  readonly log: Pick<EventLog, 'append'>;
  readonly topic: TopicContract<Told>;
  /** How many events may be held, those that are just being sent included. What comes when it is full is lost. */
  readonly capacity: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How long an event waits for others to travel with, in milliseconds; 100 unless told otherwise. */
  readonly lingerMs?: number;
  /** How many travel together at most; 500 unless told otherwise. */
  readonly maxBatch?: number;
  /** How long `stop` may take, in milliseconds; 2,000 unless told otherwise. */
  readonly drainMs?: number;
}

/**
 * Holds events in memory and sends them in batches, one at a time, in the order in which they were offered. While the log is
 * away, or does not have the topic yet, the same batch is sent again and again, and what comes meanwhile waits as far as there is room.
 */
export function createOfferedEvents<Told extends Event>(
  options: OfferedEventsOptions<Told>,
): OfferedEvents<Told> {
  const { log, topic, capacity, logger, metrics, lingerMs = 100, maxBatch = 500, drainMs = 2_000 } = options;
  const meter = meterOffers(topic.name, { logger, metrics });
  const stopping = new AbortController();
  let waiting: Told[] = [];
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;

  let over = false;

  function lose(count: number, why: Lost) {
    if (count > 0 && !over) meter.lost(count, why);
  }

  function sendSoon() {
    if (timer || sending || waiting.length === 0) return;
    timer = setTimeout(send, waiting.length < maxBatch ? lingerMs : 0);
  }

  function send() {
    clearTimeout(timer);
    timer = undefined;
    sending = sendBatch().finally(() => {
      sending = undefined;
      if (!stopping.signal.aborted) sendSoon();
    });
  }

  async function sendBatch() {
    const batch = waiting.slice(0, maxBatch);
    waiting = waiting.slice(maxBatch);
    underWay = batch.length;
    try {
      await store(batch);
    } catch (error) {
      logger.error({ err: error, topic: topic.name }, 'the log refused events');
      // One that the log will never take must not cost those that travel with it.
      for (const event of batch) await store([event]).catch(() => lose(1, 'refused'));
    }
    underWay = 0;
    meter.holds(waiting.length);
  }

  /** Resolves when the log has them, or when they were given up because it is time to stop. */
  async function store(batch: readonly Told[]): Promise<void> {
    const records = toRecords(topic, batch);
    for (let pauseMs = 250; ; pauseMs = Math.min(2 * pauseMs, 5_000)) {
      try {
        await log.append(topic.name, records);
        if (!over) meter.stored(batch.length);
        return;
      } catch (error) {
        // The topics of a new cluster are made while the first processes start.
        const comesBack = error instanceof LogUnavailableError || error instanceof UnknownTopicError;
        if (!comesBack) throw error;
        if (stopping.signal.aborted) return lose(batch.length, 'stopped');
      }
      await pause(pauseMs, stopping.signal);
    }
  }

  async function drain() {
    await sending;
    while (waiting.length > 0) await sendBatch();
  }

  let stopped: Promise<void> | undefined;
  async function stop() {
    clearTimeout(timer);
    stopping.abort();
    const drained = new AbortController();
    await Promise.race([drain(), pause(drainMs, drained.signal)]);
    drained.abort();
    lose(underWay + waiting.length, 'stopped');
    over = true;
    waiting = [];
    meter.holds(0);
  }

  return {
    offer(event) {
      if (stopping.signal.aborted) return meter.lost(1, 'stopped');
      if (waiting.length + underWay >= capacity) return meter.lost(1, 'full');
      waiting.push(event);
      meter.holds(waiting.length + underWay);
      sendSoon();
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
