import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CountedRecord,
  createLiveSeconds,
  type LiveSeconds,
  readBeforeSeconds,
  rememberedSeconds,
} from '../../src/domain/live-seconds.ts';

/** A second of a Monday. */
const monday = 1_780_300_800;
let ids = 0;
const batch = (...markets: CountedRecord['batches'][number]['markets']) => ({
  id: `batch ${++ids}`,
  markets,
});
const record = (second: number, plays = 0): CountedRecord => ({
  appendedAt: second * 1_000,
  batches: [batch(...(plays > 0 ? [{ market: 'DE', plays, notCounted: 0 }] : []))],
});
/** All that came in the last twenty minutes before a second. */
const readAt = (second: number) => (second - rememberedSeconds - readBeforeSeconds) * 1_000;

function readSeconds(seconds: LiveSeconds, from: number): [number, number][] {
  const read: [number, number][] = [];
  for (let next = seconds.after(from - 1); typeof next === 'number'; next = seconds.after(next))
    read.push([next, seconds.countsOf(next, null).plays]);
  return read;
}

describe('live seconds', () => {
  it('are over when something of a later one comes, also those in which nothing was counted', () => {
    const seconds = createLiveSeconds(readAt(monday));
    expect(seconds.last()).toBeNull();
    expect(seconds.take(record(monday, 3))).toBe(true);
    expect(seconds.take(record(monday + 0.9, 4))).toBe(false);
    expect(seconds.after(monday - 1)).toBe('later');
    expect(seconds.take(record(monday + 3, 1))).toBe(true);
    expect(readSeconds(seconds, monday)).toEqual([
      [monday, 7],
      [monday + 1, 0],
      [monday + 2, 0],
    ]);
    expect(seconds.last()).toBe(monday + 2);
  });

  it('tell markets apart, unknown ones too, and all together', () => {
    const seconds = createLiveSeconds(readAt(monday));
    const markets = [
      { market: 'DE', plays: 2, notCounted: 1 },
      { market: '', plays: 1, notCounted: 4 },
    ];
    seconds.take({ ...record(monday), batches: [batch(...markets)] });
    seconds.take(record(monday + 1));
    expect(seconds.countsOf(monday, 'DE')).toEqual({ plays: 2, notCounted: 1 });
    expect(seconds.countsOf(monday, 'FR')).toEqual({ plays: 0, notCounted: 0 });
    expect(seconds.countsOf(monday, null)).toEqual({ plays: 3, notCounted: 5 });
  });

  it('count what was appended twice once', () => {
    const seconds = createLiveSeconds(readAt(monday));
    const twice = record(monday, 5);
    for (const told of [twice, record(monday + 1, 1), { ...twice, appendedAt: (monday + 1) * 1_000 }])
      seconds.take(told);
    seconds.take(record(monday + 2));
    expect(readSeconds(seconds, monday)).toEqual([
      [monday, 5],
      [monday + 1, 1],
    ]);
  });

  it('count a batch once that was told alone, and then with others by who had counted it', () => {
    const seconds = createLiveSeconds(readAt(monday));
    const [one, other] = [2, 3].map((plays) => batch({ market: 'DE', plays, notCounted: 0 }));
    const told = (second: number, ...batches: (typeof one)[]) =>
      seconds.take({ ...record(second), batches: batches.flatMap((each) => each ?? []) });
    told(monday, one);
    expect(seconds.has(one?.id ?? '')).toBe(true);
    expect(seconds.has(other?.id ?? '')).toBe(false);
    told(monday + 1, one, other);
    told(monday + 2, other);
    told(monday + 3);
    expect(readSeconds(seconds, monday)).toEqual([
      [monday, 2],
      [monday + 1, 3],
      [monday + 2, 0],
    ]);
  });

  it('never become fewer: what comes with an earlier time is of the second that is not over', () => {
    const seconds = createLiveSeconds(readAt(monday));
    seconds.take(record(monday + 5, 1));
    expect(seconds.take(record(monday + 3, 1))).toBe(false);
    seconds.take(record(monday + 6));
    expect(readSeconds(seconds, monday + 4)).toEqual([
      [monday + 4, 0],
      [monday + 5, 2],
    ]);
  });

  it('are forgotten after ten minutes, which is a gap for who comes later', () => {
    const seconds = createLiveSeconds(readAt(monday));
    for (let second = monday; second <= monday + 1_000; second += 1) seconds.take(record(second, 1));
    expect(seconds.after(monday + 1_000 - rememberedSeconds - 1)).toBe(monday + 1_000 - rememberedSeconds);
    expect(seconds.after(monday + 1_000 - rememberedSeconds - 2)).toBe('gone');
    expect(readSeconds(seconds, monday + 1_000 - rememberedSeconds)).toHaveLength(rememberedSeconds);
  });

  it('are a gap for a second that is far from being over, and waited for when it is near', () => {
    const seconds = createLiveSeconds(readAt(monday));
    seconds.take(record(monday, 1));
    expect(seconds.after(monday + 30)).toBe('later');
    expect(seconds.after(monday + 3_600)).toBe('gone');
  });

  it('begin anew when a clock was put back, with a gap', () => {
    const seconds = createLiveSeconds(readAt(monday));
    seconds.take(record(monday + 7_200, 1));
    seconds.take(record(monday, 1));
    seconds.take(record(monday + 1, 1));
    seconds.take(record(monday + 2, 1));
    expect(seconds.after(monday + 7_199)).toBe('gone');
    expect(seconds.last()).toBe(monday + 1);
    expect(readSeconds(seconds, monday + 1)).toEqual([[monday + 1, 1]]);
  });

  it('are the same for all who read, wherever they began, whatever clocks did, and whatever came twice', () => {
    const step = fc.record({
      // Clocks of several processes, and nobody who counts for a while now and then.
      ms: fc.oneof(
        { weight: 60, arbitrary: fc.integer({ min: -2_000, max: 8_000 }) },
        { weight: 1, arbitrary: fc.integer({ min: -100_000, max: 400_000 }) },
      ),
      plays: fc.integer({ min: 0, max: 5 }),
      again: fc.option(fc.nat({ max: 20 }), { freq: 4 }),
    });
    let compared = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), fc.nat(1_000), (steps, backSeconds) => {
        let now = monday * 1_000;
        const told: CountedRecord[] = [];
        for (const { ms, plays, again } of steps) {
          now += ms;
          const before = again === null ? undefined : told.at(-1 - again);
          told.push({ ...(before ?? record(0, plays)), appendedAt: now });
        }
        const early = createLiveSeconds(readAt(monday));
        for (const each of told) early.take(each);
        // As a log gives it to who begins at a time: from the first record of that time on.
        const began = now - (backSeconds + readBeforeSeconds) * 1_000;
        const started = createLiveSeconds(began);
        const first = told.findIndex(({ appendedAt }) => appendedAt >= began);
        for (const each of first < 0 ? [] : told.slice(first)) started.take(each);

        expect(started.last() ?? early.last()).toBe(early.last());
        const firstKnown = Math.ceil(began / 1_000) + readBeforeSeconds;
        const isKnown = (seconds: LiveSeconds, second: number) => seconds.after(second - 1) === second;
        const both = Array.from({ length: 2 * rememberedSeconds }, (_, index) => firstKnown + index).filter(
          (second) => isKnown(started, second) && isKnown(early, second),
        );
        const ofThese = (seconds: LiveSeconds) =>
          both.map((second) => [second, seconds.countsOf(second, null)]);
        expect(ofThese(started)).toEqual(ofThese(early));
        compared += both.filter((second) => early.countsOf(second, null).plays > 0).length;
      }),
      { numRuns: 200, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(1_000);
  });
});
