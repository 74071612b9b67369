import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Gap, isPosition, positionsIn } from '../../src/domain/position.ts';

const one = (gap: Gap) => positionsIn(gap, randomUUID(), 1)[0] as string;
const start = one({ after: null, before: null });

describe('positions', () => {
  it('stand in their gap, in their order, and have the form of positions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 100 })), { maxLength: 60 }),
        (inserts) => {
          const list: string[] = [];
          for (const [at, count] of inserts) {
            const index = at % (list.length + 1);
            const gap = { after: list[index - 1] ?? null, before: list[index] ?? null };
            list.splice(index, 0, ...positionsIn(gap, randomUUID(), count));
          }
          expect(list).toEqual(list.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
          expect(new Set(list).size).toBe(list.length);
          expect(list.every(isPosition)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leave room between any two of different operations in one gap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uuid(), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 1, max: 100 }),
        (ids, count) => {
          const gap = { after: start, before: one({ after: start, before: null }) };
          const all = [...new Set(ids)].flatMap((id) => positionsIn(gap, id, count)).sort();
          for (const [index, after] of all.entries()) {
            const before = all[index + 1] ?? null;
            const between = one({ after, before });
            expect(between > after && (before === null || between < before)).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keep what one operation adds together', () => {
    const [a, b] = ['1c6f0d9e-0000-4000-8000-000000000000', '9a2b5c1d-0000-4000-8000-000000000000'].map(
      (id) => positionsIn({ after: null, before: null }, id, 10),
    );
    const sorted = [...(a ?? []), ...(b ?? [])].sort();
    expect([sorted.slice(0, 10), sorted.slice(10)]).toContainEqual(a);
  });

  it.each([
    ['at the end', (last: string): Gap => ({ after: last, before: null })],
    ['at the start', (last: string): Gap => ({ after: null, before: last })],
    [
      'after the one before, towards the same next one',
      (last: string): Gap => ({ after: last, before: next }),
    ],
    [
      'before the one before, towards the same last one',
      (last: string): Gap => ({ after: start, before: last }),
    ],
  ])('stay short when 10,000 are made %s', (_, gapAt) => {
    let last = gapAt('').after === start ? next : start;
    let longest = 0;
    for (let index = 0; index < 10_000; index++) {
      last = one(gapAt(last));
      longest = Math.max(longest, last.length);
    }
    expect(longest).toBeLessThanOrEqual(60);
  });

  it('grow slowly even where each goes between the last two', () => {
    let gap = { after: start as string, before: next };
    const lengths: number[] = [];
    for (let index = 0; index < 400; index++) {
      const made = one(gap);
      gap = index % 2 ? { ...gap, after: made } : { ...gap, before: made };
      lengths.push(made.length);
    }
    expect(lengths.at(-1)).toBeLessThanOrEqual(400);
  });

  it('take a next one that does not stand after for none', () => {
    for (const before of [start, one({ after: null, before: start })])
      expect(one({ after: start, before }) > start).toBe(true);
  });

  it('refuse ids that are none and numbers that are too great', () => {
    expect(() => positionsIn({ after: null, before: null }, 'abc', 1)).toThrow(RangeError);
    expect(() => positionsIn({ after: null, before: null }, randomUUID(), 300_000)).toThrow(RangeError);
  });
});

const next = one({ after: start, before: null });
