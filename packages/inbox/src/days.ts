/** A day of UTC, counted from 1970-01-01. */
export type Day = number;

const dayMs = 86_400_000;

export const dayOf = (time: Date | number): Day => Math.floor(Number(time) / dayMs);

/** The days that are no further than this from a time: one, or two around midnight. */
export function daysAround(time: Date, toleranceMs: number): readonly Day[] {
  const [first, last] = [dayOf(time.getTime() - toleranceMs), dayOf(time.getTime() + toleranceMs)];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** `2026-05-01` */
export const toIso = (day: Day): string => new Date(day * dayMs).toISOString().slice(0, 10);
