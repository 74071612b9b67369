import { describe, expect, it } from 'vitest';
import { planFlush } from '../../src/archive/plan-flush.ts';

const now = new Date('2026-11-23T12:00:00Z');
const minutes = (count: number) => new Date(now.getTime() - count * 60_000);
const rules = { partPlays: 50_000, flushMs: 300_000 };
const isDue = (day: string, plays: number, since: Date) =>
  planFlush([{ day, plays, since }], rules, now).length === 1;

describe('what is due for the archive', () => {
  it('is a full part at once, of whichever day', () => {
    expect(isDue('2026-11-23', 50_000, now)).toBe(true);
    expect(isDue('2026-10-30', 50_000, now)).toBe(true);
    expect(isDue('2026-11-23', 49_999, now)).toBe(false);
  });

  it('leaves what is more than full parts to the next ones', () => {
    const waiting = [{ day: '2026-11-23', plays: 123_456, since: now }];
    expect(planFlush(waiting, rules, now)).toEqual([{ day: '2026-11-23', plays: 100_000 }]);
  });

  it('is what was played lately, five minutes after it came', () => {
    expect(isDue('2026-11-23', 1_000, minutes(5))).toBe(true);
    expect(isDue('2026-11-22', 1_000, minutes(5))).toBe(true);
    expect(isDue('2026-11-23', 1_000, minutes(4.9))).toBe(false);
  });

  it('is few plays within an hour, so that a quiet night is no heap of small files', () => {
    expect(isDue('2026-11-23', 999, minutes(59))).toBe(false);
    expect(isDue('2026-11-23', 1, minutes(60))).toBe(true);
  });

  it('is what is told days late within a day: such plays are of thirty days at once', () => {
    expect(isDue('2026-11-21', 5_000, minutes(23 * 60))).toBe(false);
    expect(isDue('2026-11-21', 1, minutes(24 * 60))).toBe(true);
  });

  it('never waits for more than a day', () => {
    const slow = { partPlays: 50_000, flushMs: 86_400_000 };
    const day = { day: '2026-11-23', plays: 1, since: minutes(24 * 60) };
    expect(planFlush([day], slow, now)).toEqual([{ day: '2026-11-23', plays: 1 }]);
  });
});
