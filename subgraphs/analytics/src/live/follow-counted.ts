import type { EventLog, StoredRecord, Subscription } from '@medley/event-log';
import { analyticsLive, parseEvent } from '@medley/events';
import { decodeId, InvalidIdError } from '@medley/ids';
import type { Logger } from '@medley/service';
import {
  createLiveSeconds,
  type LiveSeconds,
  readBeforeSeconds,
  rememberedSeconds,
} from '../domain/live-seconds.ts';

export interface FollowCountedOptions {
  readonly log: Pick<EventLog, 'tail'>;
  /** Told of each batch of records when they are taken in, and once more when all is known that was there at the start. */
  readonly onHeard: (heard: Heard) => void;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** After how long reading that has ended begins anew, in milliseconds; 1,000 unless told otherwise. */
  readonly retryMs?: number;
}

export interface Heard {
  /** Tracks that were played: UUIDs. Null: nobody knows, records may have been missed. */
  readonly trackIds: readonly string[] | null;
  /** Whether a second is over. */
  readonly isOver: boolean;
}

export interface FollowedCounts extends Subscription {
  /** Null until all is known that was there at the start. */
  seconds(): LiveSeconds | null;
}

/** Reads what is counted, as every process does for itself. When reading ends it begins anew, with nothing in memory. */
export function followCounted(options: FollowCountedOptions): FollowedCounts {
  const { log, onHeard, logger, clock = Date.now, retryMs = 1_000 } = options;
  let known: LiveSeconds | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let reading: Promise<Subscription | undefined> = read();

  async function read() {
    const from = clock() - (rememberedSeconds + readBeforeSeconds) * 1_000;
    const seconds = createLiveSeconds(from);
    let next = 0n;
    try {
      return await log.tail({
        topic: analyticsLive.name,
        from: new Date(from),
        handle(records) {
          const heard = takeIn(
            seconds,
            records.filter(({ offset }) => offset >= next),
          );
          next = (records.at(-1)?.offset ?? next) + 1n;
          onHeard(heard);
        },
        onCrash: readLater,
        onCaughtUp() {
          if (stopped) return;
          known = seconds;
          onHeard({ trackIds: null, isOver: true });
        },
      });
    } catch (error) {
      readLater(error);
      return undefined;
    }
  }

  function readLater(error: unknown): void {
    if (stopped) return;
    logger.warn({ err: error, topic: analyticsLive.name }, 'what is counted is not heard; once more');
    known = null;
    clearTimeout(timer);
    timer = setTimeout(() => {
      reading = read();
    }, retryMs);
  }

  return {
    seconds: () => known,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await (await reading)?.stop();
    },
  };
}

function takeIn(seconds: LiveSeconds, records: readonly StoredRecord[]): Heard {
  const trackIds = new Set<string>();
  let isOver = false;
  for (const { value, time } of records) {
    const parsed = parseEvent(analyticsLive, value);
    if (parsed.kind !== 'event') continue;
    const { data } = parsed.event;
    for (const { trackId } of data.tracks) {
      const uuid = readTrackId(trackId);
      if (uuid !== null) trackIds.add(uuid);
    }
    if (seconds.take({ appendedAt: time.getTime(), batches: data.batches })) isOver = true;
  }
  return { trackIds: [...trackIds], isOver };
}

/** Who tells nonsense is to hold up nobody. */
function readTrackId(id: string): string | null {
  try {
    return decodeId(id, 'track');
  } catch (error) {
    if (error instanceof InvalidIdError) return null;
    throw error;
  }
}
