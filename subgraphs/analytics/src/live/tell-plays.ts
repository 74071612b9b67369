import { createOfferedEvents, type EventLog } from '@medley/event-log';
import { analyticsLive, createEvent, playsCounted } from '@medley/events';
import { encodeId } from '@medley/ids';
import type { Logger, Metrics } from '@medley/service';
import { addCountedPlays, type CountedPlays } from '../domain/counted-plays.ts';

export interface PlayTellerOptions {
  readonly log: Pick<EventLog, 'append'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Tells what was counted. */
export interface PlayTeller {
  /** What was committed, each once. Never waits, never throws: while the log is away what there is no room for is told to nobody. */
  tell(counted: CountedPlays): void;
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
  let waiting: CountedPlays[] = [];
  let tracks = 0;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const counted = addCountedPlays(waiting);
    waiting = [];
    tracks = 0;
    offered.offer(toEvent(counted));
  }

  return {
    tell(counted) {
      waiting.push(counted);
      tracks += counted.tracks.length;
      if (tracks >= mostTracks) flush();
      else timer ??= setTimeout(flush, lingerMs);
    },
    async stop() {
      flush();
      await offered.stop();
    },
  };
}

const nothing: CountedPlays = { markets: [], tracks: [] };

/** @param counted nothing: a second is over, and that is all */
export const toEvent = ({ markets, tracks }: CountedPlays = nothing) =>
  createEvent(playsCounted, {
    source: 'analytics',
    key: 'plays',
    data: {
      markets: markets.map((counted) => ({ ...counted })),
      tracks: tracks.map(({ id, plays }) => ({ trackId: encodeId('track', id), plays })),
    },
  });
