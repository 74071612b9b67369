import { dayMs } from './days.ts';
import type { RowGrain } from './row-grain.ts';
import { stretchStart } from './stretch.ts';

/** How fine a series is, from the finest on. */
export const timeGrains = ['MINUTE', 'HOUR', 'DAY', 'WEEK'] as const;
export type TimeGrain = (typeof timeGrains)[number];

interface Grain {
  readonly lengthMs: number;
  /** The rows that it is summed up of. */
  readonly rowMinutes: RowGrain;
  /** For how long such rows are kept; null: for good. */
  readonly keptDays: number | null;
}

const minuteMs = 60_000;

/** For how many days rows of a grain are kept; longer ones for good. */
export const keptDays = { MINUTE: 35, HOUR: 400 } as const;

/** What each grain is; in UTC, which knows no summer time: all days are equally long. */
export const grainOf: Readonly<Record<TimeGrain, Grain>> = {
  MINUTE: { lengthMs: minuteMs, rowMinutes: 1, keptDays: keptDays.MINUTE },
  HOUR: { lengthMs: 60 * minuteMs, rowMinutes: 60, keptDays: keptDays.HOUR },
  DAY: { lengthMs: dayMs, rowMinutes: 1440, keptDays: null },
  WEEK: { lengthMs: 7 * dayMs, rowMinutes: 1440, keptDays: null },
};

/** A Monday, midnight: weeks are counted from it, and all the others divide what is between it and 1970. */
export const grainOrigin = new Date('2001-01-01T00:00:00.000Z');

/** When the stretch begins that a moment is in. */
export function startOf(grain: TimeGrain, moment: Date): Date {
  return new Date(stretchStart(grainOf[grain].lengthMs, moment.getTime(), grainOrigin.getTime()));
}

/** The moment itself when a stretch begins with it, else when the next begins. */
export function endOf(grain: TimeGrain, moment: Date): Date {
  const start = startOf(grain, moment);
  return start.getTime() === moment.getTime() ? start : new Date(start.getTime() + grainOf[grain].lengthMs);
}

/** Whether rows as fine as that are still kept of a moment. */
export function isKept(grain: TimeGrain, moment: Date, now: Date): boolean {
  const { keptDays } = grainOf[grain];
  return keptDays === null || moment.getTime() >= now.getTime() - keptDays * dayMs;
}
