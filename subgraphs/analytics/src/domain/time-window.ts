import { dayMs } from './days.ts';
import { startOf } from './time-grain.ts';

/** Whole days of UTC, the last of which is today. */
export type TimeWindow = 'TODAY' | 'LAST_7_DAYS' | 'LAST_28_DAYS' | 'ALL_TIME';

/** Days, both ends included, each as its midnight in UTC. */
export interface Days {
  /** Null: from the beginning. */
  readonly first: Date | null;
  readonly last: Date;
}

const lengths: Readonly<Record<TimeWindow, number | null>> = {
  TODAY: 1,
  LAST_7_DAYS: 7,
  LAST_28_DAYS: 28,
  ALL_TIME: null,
};

export function daysOf(window: TimeWindow, now: Date): Days {
  const last = startOf('DAY', now);
  const length = lengths[window];
  return { first: length === null ? null : daysBefore(last, length - 1), last };
}

/** The seven days of a chart, and the seven before them. */
export function chartDays(now: Date) {
  const last = startOf('DAY', now);
  return {
    days: { first: daysBefore(last, 6), last },
    before: { first: daysBefore(last, 13), last: daysBefore(last, 7) },
  };
}

/** @param count how many days back */
export const daysBefore = (day: Date, count: number): Date => new Date(day.getTime() - count * dayMs);
