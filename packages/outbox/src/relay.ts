import type { TryHold } from '@medley/database';
import type { Logger, Metrics } from '@medley/service';
import type { Feed } from './feed.ts';
import { createHeldRelay } from './held-relay.ts';
import { createPause } from './pause.ts';
import type { Position } from './position.ts';
import { relayMetricsOf } from './relay-metrics.ts';
import type { RelayStore } from './relay-store.ts';
import type { PublishStates, StateMessage } from './topic-publisher.ts';

export interface RelayOptions<Row extends FedRow> {
  /** The topic that it fills, and by which its position is known. */
  readonly topic: string;
  readonly feed: Pick<Feed<Row>, 'readSince' | 'countSince'>;
  /** What rows tell, in their order. */
  readonly tell: (rows: readonly Row[]) => readonly StateMessage[] | Promise<readonly StateMessage[]>;
  /** All there is, for when it is to be sent again. */
  readonly readStates: ReadStates;
  readonly publish: PublishStates;
  /**
   * Deletes some of the rows up to a position that nobody needs any more. Called each hour, and again while it deletes any.
   * @returns how many it deleted
   */
  readonly prune?: (upTo: Position) => Promise<number>;
  readonly store: RelayStore;
  readonly tryHold: TryHold;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How often it looks while there is nothing new, in milliseconds; 250 by default. Each look is one read of an index. */
  readonly everyMs?: number;
  /** How often one that waits for another to end asks, in milliseconds; 2,000 by default. */
  readonly standbyMs?: number;
}

/** A row of a feed. */
export interface FedRow {
  readonly position: Position;
  readonly time: Date;
}

/**
 * Reads states as they are now, by their keys.
 * @param after the key of the last one that was read, as this function gave it; null to begin
 * @returns what tells of them, and after what to go on; null when that was all
 */
export type ReadStates = (
  after: string | null,
  limit: number,
) => Promise<{ readonly messages: readonly StateMessage[]; readonly after: string | null }>;

export interface Relay {
  /** Looks now: something was committed. */
  nudge(): void;
  /** What it cannot do just now, in words for operators; empty when all is well, and when another process relays. */
  findDegraded(): readonly string[];
  /** Finishes the page under way and lets another relay go on. Safe to call twice. */
  stop(): Promise<void>;
}

const longestRetryMs = 5_000;
const noteLagEveryMs = 500;

/**
 * Puts what a feed tells into its topic, in its order: reads a page, publishes it, notes the position when the log has confirmed.
 * Killed in between it sends the page again, with the same event ids; it skips nothing. Of all processes that share the database one
 * at a time relays, the others wait to take over. What fails is tried again for ever; no writer waits for it.
 */
export function startRelay<Row extends FedRow>(options: RelayOptions<Row>): Relay {
  const { topic, store, tryHold, logger, metrics, everyMs = 250, standbyMs = 2_000 } = options;
  const meter = relayMetricsOf(metrics);
  const stopping = new AbortController();
  const pause = createPause(stopping.signal);
  let failures = 0;
  let trouble: string | null = null;
  let doubtful: Position | null = null;
  meter.active.set({ topic }, 0);

  async function run() {
    while (!stopping.signal.aborted) {
      try {
        await takeTurn();
        await pause.sleep(standbyMs);
      } catch (error) {
        await failed(error);
      }
    }
  }

  /** Relays while it holds the right to; returns at once when another does. */
  async function takeTurn() {
    if (doubtful !== null) await store.rewind(topic, doubtful);
    doubtful = null;
    const hold = await tryHold(`relay ${topic}`);
    if (!hold) return succeeded();
    const held = createHeldRelay(options, hold, meter);
    hold.lost.addEventListener('abort', pause.end);
    meter.active.set({ topic }, 1);
    logger.info({ topic }, 'relays');
    const metering = setInterval(held.noteLag, noteLagEveryMs);
    while (!stopping.signal.aborted && !hold.lost.aborted) {
      try {
        const didSomething = await held.round();
        succeeded();
        if (!didSomething) await pause.sleep(everyMs);
      } catch (error) {
        await failed(error);
      }
    }
    if (hold.lost.aborted) {
      logger.warn({ topic }, 'lost the connection by which it may relay');
      // Another may have gone on while a page was under way here, which then came after newer ones: from there once more.
      doubtful = held.doubtful();
    }
    clearInterval(metering);
    meter.active.set({ topic }, 0);
    meter.lagSeconds.remove({ topic });
    meter.lagRows.remove({ topic });
    await hold.release();
  }

  function succeeded() {
    if (trouble !== null) logger.info({ topic }, 'relays again');
    failures = 0;
    trouble = null;
  }

  async function failed(error: unknown) {
    failures += 1;
    meter.failures.inc({ topic });
    const reason = error instanceof Error ? error.message : String(error);
    if (trouble === null) logger.warn({ topic, reason }, 'cannot relay: it tries again until it can');
    trouble = reason;
    await pause.sleep(Math.min(100 * 2 ** failures, longestRetryMs));
  }

  const running = run();
  return {
    nudge: pause.end,
    findDegraded: () => (trouble === null ? [] : [`${topic} lags behind: ${trouble}`]),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
