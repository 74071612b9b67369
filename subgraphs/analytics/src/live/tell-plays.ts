import { createOfferedEvents, type EventLog } from '@medley/event-log';
import { analyticsLive, createEvent, playsCounted } from '@medley/events';
import { encodeId } from '@medley/ids';
import type { Logger, Metrics } from '@medley/service';
import { sumTracks, type ToldBatch } from '../domain/counted-plays.ts';
import type { CountedBatch } from '../domain/live-outbox.ts';
import type { Plays } from '../domain/statistics.ts';

export interface PlayTellerOptions {
  readonly log: Pick<EventLog, 'append'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Tells what was counted. */
export interface PlayTeller {
  /** What was committed, each once. Never waits, never throws: what there is no room for while the log is away the outbox has. */
  tell(batch: ToldBatch): void;
  stop(): Promise<void>;
}

/** How long it waits for more, in milliseconds: partitions are counted apart. */
const lingerMs = 50;
/** With more it does not wait; an event of these is 300 KB. */
const mostTracks = 5_000;

/** Tells together what is counted within 50 ms. Nothing that counts waits for it. */
export function startTellingPlays({ log, logger, metrics }: PlayTellerOptions): PlayTeller {
  const offered = createOfferedEvents({
    ...{ log, topic: analyticsLive, logger, metrics },
    // A minute of them.
    capacity: 1_200,
    lingerMs: 0,
    maxBatch: 10,
  });
  let waiting: ToldBatch[] = [];
  let tracks = 0;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const event = toEvent({ batches: waiting, tracks: sumTracks(waiting) });
    waiting = [];
    tracks = 0;
    offered.offer(event);
  }

  return {
    tell(batch) {
      waiting.push(batch);
      tracks += batch.tracks.length;
      if (tracks >= mostTracks) flush();
      else timer ??= setTimeout(flush, lingerMs);
    },
    async stop() {
      flush();
      await offered.stop();
    },
  };
}

export interface ToldPlays {
  readonly batches: readonly CountedBatch[];
  readonly tracks: readonly Plays[];
}

/** @param told nothing: a second is over, and that is all */
export const toEvent = ({ batches, tracks }: ToldPlays = { batches: [], tracks: [] }) =>
  createEvent(playsCounted, {
    source: 'analytics',
    key: 'plays',
    data: {
      batches: batches.map(({ id, markets }) => ({
        id,
        markets: markets.map((counted) => ({ ...counted })),
      })),
      tracks: tracks.map(({ id, plays }) => ({ trackId: encodeId('track', id), plays })),
    },
  });
