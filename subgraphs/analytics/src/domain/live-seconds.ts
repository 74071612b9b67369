import type { MarketPlays } from './counted-plays.ts';
import type { CountedBatch } from './live-outbox.ts';
import { everywhere } from './scopes.ts';

/** A record of what was counted. */
export interface CountedRecord {
  /** When it was appended, in milliseconds since 1970. */
  readonly appendedAt: number;
  /** One that comes twice is counted once. */
  readonly batches: readonly CountedBatch[];
}

/** What was counted in a second of a market, or of all. */
export type SecondCounts = Omit<MarketPlays, 'market'>;

/** How many seconds are remembered. */
export const rememberedSeconds = 600;
/** How long before a second reading must begin for it to be told: what was counted before might come once more in it. */
export const readBeforeSeconds = rememberedSeconds;
/** A record that is this many seconds older than the one before it means that a clock was put back. */
const putBackSeconds = 60;

/**
 * What was counted, second by second. A record is of the second in which it was appended, and of no earlier one than the record before it; a
 * second is over as soon as a record is of a later one. So it all follows from the records and their order alone, and whoever reads
 * them gets the same seconds.
 * @param readFrom from when on all records come, in milliseconds since 1970
 */
export function createLiveSeconds(readFrom: number) {
  let first = Math.ceil(readFrom / 1_000) + readBeforeSeconds;
  /** The second that is not over. */
  let current: number | null = null;
  const counts = new Map<number, Map<string, SecondCounts>>();
  const ids = new Map<string, number>();

  function begin(second: number): void {
    if (current !== null && second < current - putBackSeconds) {
      counts.clear();
      ids.clear();
      first = second + 1;
    }
    current = second;
    first = Math.max(first, second - rememberedSeconds);
    // Both are in the order of time.
    for (const known of counts.keys()) {
      if (known >= first) break;
      counts.delete(known);
    }
    for (const [id, known] of ids) {
      if (known >= second - readBeforeSeconds) break;
      ids.delete(id);
    }
  }

  function add(second: number, market: string, { plays, notCounted }: SecondCounts): void {
    let ofSecond = counts.get(second);
    if (!ofSecond) {
      ofSecond = new Map();
      counts.set(second, ofSecond);
    }
    const known = ofSecond.get(market) ?? none;
    ofSecond.set(market, { plays: known.plays + plays, notCounted: known.notCounted + notCounted });
  }

  return {
    /** @returns whether a second is over by it */
    take({ appendedAt, batches }: CountedRecord): boolean {
      const second = Math.floor(appendedAt / 1_000);
      const isNext = current === null || second > current || second < current - putBackSeconds;
      if (isNext) begin(second);
      if (current === null) return isNext;
      for (const { id, markets } of batches) {
        const isTwice = ids.delete(id);
        ids.set(id, current);
        if (isTwice) continue;
        for (const { market, plays, notCounted } of markets) {
          add(current, market, { plays, notCounted });
          add(current, everywhere, { plays, notCounted });
        }
      }
      return isNext;
    },
    /** Whether a batch came in the last ten minutes. */
    has: (id: string): boolean => ids.has(id),
    /** The last that is over, in seconds since 1970; null when none is. */
    last: (): number | null => (current === null || current <= first ? null : current - 1),
    /** What comes after a second: the next one, `later` while that is not over, or `gone` when that was forgotten, or never was. */
    after(second: number): number | 'later' | 'gone' {
      const next = second + 1;
      if (current === null) return 'later';
      if (next < first || next > current + putBackSeconds) return 'gone';
      return next < current ? next : 'later';
    },
    /** @param second one that is over @param market null: all */
    countsOf: (second: number, market: string | null): SecondCounts =>
      counts.get(second)?.get(market ?? everywhere) ?? none,
  };
}
export type LiveSeconds = ReturnType<typeof createLiveSeconds>;

const none: SecondCounts = { plays: 0, notCounted: 0 };
