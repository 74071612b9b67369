import type { Hold } from '@medley/database';
import type { Position } from './position.ts';
import type { FedRow, RelayOptions } from './relay.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import type { StateMessage } from './topic-publisher.ts';

const pageSize = 500;
/** Counting what waits costs more than a look. */
const countEveryMs = 5_000;
const mostCounted = 100_000;
const pruneEveryMs = 3_600_000;
/** How often it looks whether states are to be sent again, and from where to go on. */
const askEveryMs = 1_000;

/** What the one relay does that holds the right to. */
export interface HeldRelay {
  /** Relays a page of what is new, and sends a page of what was asked for again. @returns false when there was nothing to do */
  round(): Promise<boolean>;
  /** Tells the metrics what waits. To be called from time to time, also while a round is under way: the log may keep it waiting. */
  noteLag(): Promise<void>;
  /** The position before messages of which nobody knows whether they came before those of another relay; null without any. */
  doubtful(): Position | null;
}

export function createHeldRelay<Row extends FedRow>(
  { topic, feed, tell, readStates, publish, prune, store, logger }: RelayOptions<Row>,
  hold: Hold,
  meter: RelayMetrics,
): HeldRelay {
  let position: Position | null = null;
  let doubtful: Position | null = null;
  /** When the oldest change that waits was committed, or a little before; null when none does. */
  let waitingSince: Date | null = null;
  let countedAt = 0;
  let askedAt = 0;
  let prunedAt = 0;

  const readPosition = async () => {
    position ??= await store.readPosition(topic);
    return position;
  };

  /** @returns whether it was sent, and by nobody but this relay meanwhile */
  async function send(from: Position, messages: readonly StateMessage[]): Promise<boolean> {
    if (hold.lost.aborted) return false;
    doubtful = from;
    await publish(messages);
    if (hold.lost.aborted) return false;
    doubtful = null;
    return true;
  }

  async function relayPage(): Promise<boolean> {
    const from = await readPosition();
    const rows = await feed.readSince(from, pageSize);
    const [first] = rows;
    const last = rows.at(-1);
    if (!first || !last) {
      waitingSince = null;
      meter.lagSeconds.set({ topic }, 0);
      meter.lagRows.set({ topic }, 0);
      meter.caughtUp.set({ topic }, Date.now() / 1_000);
      return false;
    }
    waitingSince = first.time;
    const messages = await tell(rows);
    if (!(await send(from, messages))) return false;
    meter.published.inc({ topic }, messages.length);
    const isMine = await store.advance(topic, from, last.position);
    if (!isMine) logger.warn({ topic }, 'somebody moved the position: the relay goes on from there');
    position = isMine ? last.position : null;
    return true;
  }

  /** Between pages of what is new, so that a state which was read is sent before any that comes after it. */
  async function republishPage(): Promise<boolean> {
    if (Date.now() - askedAt < askEveryMs) return false;
    const asked = await store.findRepublication(topic);
    if (!asked || asked.finished) {
      askedAt = Date.now();
      // Somebody may have moved it: an operator, or a relay that lost its hold too late.
      position = await store.readPosition(topic);
      return false;
    }
    const { messages, after } = await readStates(asked.after, pageSize);
    if (!(await send(await readPosition(), messages))) return false;
    meter.republished.inc({ topic }, messages.length);
    await store.noteRepublished(topic, asked.id, { after, count: messages.length });
    return true;
  }

  /** One round of it while nothing else is to be done. */
  async function pruneSome(): Promise<boolean> {
    if (!prune || Date.now() - prunedAt < pruneEveryMs) return false;
    const deleted = await prune(await readPosition());
    if (deleted === 0) prunedAt = Date.now();
    return deleted > 0;
  }

  async function noteLag(): Promise<void> {
    if (waitingSince === null || position === null) return;
    meter.lagSeconds.set({ topic }, Math.max(0, Date.now() - waitingSince.getTime()) / 1_000);
    if (Date.now() - countedAt < countEveryMs) return;
    countedAt = Date.now();
    const rows = await feed.countSince(position, mostCounted).catch(() => null);
    // It may have caught up meanwhile.
    if (rows !== null && waitingSince !== null) meter.lagRows.set({ topic }, rows);
  }

  return {
    async round() {
      const relayed = await relayPage();
      const sentAgain = !hold.lost.aborted && (await republishPage());
      return relayed || sentAgain || (!hold.lost.aborted && (await pruneSome()));
    },
    noteLag,
    doubtful: () => doubtful,
  };
}
