import { describe, expect, it } from 'vitest';
import { dueDays, lastDayOver } from '../../src/domain/work-done.ts';
import { may } from '../played-days.ts';

describe('work of a day', () => {
  it.each([
    ['2026-05-03T00:09:59.999Z', may(1)],
    ['2026-05-03T00:10:00.000Z', may(2)],
    ['2026-05-03T23:59:59.999Z', may(2)],
    ['2026-05-04T00:00:00.000Z', may(2)],
  ])('is about the last day that is over for ten minutes: at %s', (now, day) => {
    expect(lastDayOver(new Date(now))).toEqual(day);
  });

  it('is due for the last day only when it was never done', () => {
    expect(dueDays(null, may(2))).toEqual([may(2)]);
  });

  it('is due for each day since it was done', () => {
    expect(dueDays(may(-1), may(2))).toEqual([may(0), may(1), may(2)]);
    expect(dueDays(may(1), may(2))).toEqual([may(2)]);
  });

  it('is not due when it was done, also when the clock was set back', () => {
    expect(dueDays(may(2), may(2))).toEqual([]);
    expect(dueDays(may(3), may(2))).toEqual([]);
  });
});
