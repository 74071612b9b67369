import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grainOf, startOf, timeGrains } from '../../src/domain/time-grain.ts';
import { mostPoints, readTimeRange, readTimeSpan, type TimeSpan } from '../../src/domain/time-range.ts';

const now = new Date('2026-06-01T12:00:30.000Z');
const moments = fc.date({
  min: new Date('2019-01-01T00:00:00Z'),
  max: new Date('2026-06-01T12:00:29Z'),
  noInvalidDate: true,
});

describe('a time as a whole', () => {
  const span = (from: string, until: string | null, finest: 'MINUTE' | 'HOUR' = 'MINUTE') => {
    const found = readTimeSpan(
      { from: new Date(from), until: until === null ? null : new Date(until) },
      finest,
      now,
    );
    if ('code' in found) throw new Error(found.message);
    return found;
  };
  const text = ({ parts }: TimeSpan) =>
    parts.map(
      ({ grain, from, until }) =>
        `${grain} ${from.toISOString().slice(5, 16)} ${until.toISOString().slice(5, 16)}`,
    );

  it('is covered by minutes and hours at its ends, and days between them', () => {
    expect(text(span('2026-05-29T22:58:30Z', null))).toEqual([
      'MINUTE 05-29T22:58 05-29T23:00',
      'HOUR 05-29T23:00 05-30T00:00',
      'DAY 05-30T00:00 06-01T00:00',
      'HOUR 06-01T00:00 06-01T12:00',
      'MINUTE 06-01T12:00 06-01T12:01',
    ]);
  });

  it('is covered by minutes alone where there is no whole hour', () => {
    expect(text(span('2026-06-01T10:10:00Z', '2026-06-01T11:10:00Z'))).toEqual([
      'MINUTE 06-01T10:10 06-01T11:10',
    ]);
  });

  it('is covered once, in order, without gaps, by rows that are kept', () => {
    fc.assert(
      fc.property(
        moments,
        moments,
        fc.constantFrom('MINUTE' as const, 'HOUR' as const),
        (one, other, finest) => {
          fc.pre(one.getTime() !== other.getTime());
          const [from, until] = one < other ? [one, other] : [other, one];
          const { parts, ...whole } = span(from.toISOString(), until.toISOString(), finest);
          expect(whole.from <= from && whole.until >= until).toBe(true);
          expect([parts[0]?.from, parts.at(-1)?.until]).toEqual([whole.from, whole.until]);
          for (const [index, part] of parts.entries()) {
            if (index > 0) expect(part.from).toEqual(parts[index - 1]?.until);
            expect(startOf(part.grain, part.from)).toEqual(part.from);
            expect(startOf(part.grain, part.until)).toEqual(part.until);
            expect(finest === 'HOUR' && part.grain === 'MINUTE').toBe(false);
            const { keptDays } = grainOf[part.grain];
            if (keptDays !== null)
              expect(part.from.getTime()).toBeGreaterThanOrEqual(now.getTime() - keptDays * 86_400_000);
          }
          // Few rows: less than an hour of minutes and a day of hours at each end, where they are not the whole.
          const rows = (grain: string) =>
            parts
              .filter((part) => part.grain === grain)
              .reduce((sum, part) => sum + (part.until.getTime() - part.from.getTime()), 0) /
            grainOf[grain as 'DAY'].lengthMs;
          expect(rows('MINUTE')).toBeLessThan(120);
          expect(rows('HOUR')).toBeLessThan(48);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('a time in stretches', () => {
  it('is told in the grain that was asked for, or a coarser one, or refused with what it costs', () => {
    fc.assert(
      fc.property(
        moments,
        moments,
        fc.constantFrom(...timeGrains),
        fc.boolean(),
        (one, other, every, coarser) => {
          fc.pre(one.getTime() !== other.getTime());
          const [from, until] = one < other ? [one, other] : [other, one];
          const range = readTimeRange({ from, until, every, coarser }, now);
          if ('code' in range) {
            expect(coarser).toBe(false);
            if (range.code === 'COST_EXCEEDED') expect(range.cost).toBeGreaterThan(range.limit);
            return;
          }
          if (!coarser) expect(range.every).toBe(every);
          expect(timeGrains.indexOf(range.every)).toBeGreaterThanOrEqual(timeGrains.indexOf(every));
          expect(range.from <= from && range.until >= until).toBe(true);
          expect(range.points).toBeLessThanOrEqual(mostPoints);
          const { lengthMs } = grainOf[range.every];
          expect(range.until.getTime() - range.from.getTime()).toBe(range.points * lengthMs);
          expect(startOf(range.every, range.from)).toEqual(range.from);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is refused with its cost when not even weeks will do', () => {
    const asked = {
      from: new Date('1900-01-01T00:00:00Z'),
      until: null,
      every: 'DAY',
      coarser: true,
    } as const;
    expect(readTimeRange(asked, now)).toMatchObject({ code: 'COST_EXCEEDED', cost: 46_173, limit: 2_000 });
  });

  it('begins a week with Monday, midnight in UTC, also before 1970', () => {
    for (const [moment, monday] of [
      ['2026-06-07T23:59:59.999Z', '2026-06-01'],
      ['2026-06-08T00:00:00.000Z', '2026-06-08'],
      ['1969-12-31T12:00:00.000Z', '1969-12-29'],
    ] as const)
      expect(startOf('WEEK', new Date(moment)).toISOString()).toBe(`${monday}T00:00:00.000Z`);
  });
});
