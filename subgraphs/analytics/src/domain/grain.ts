/** How fine the rows of a series are, in minutes: all numbers are summed up by the minute, the hour and the day. */
export const grains = [1, 60, 1440] as const;
export type Grain = (typeof grains)[number];

/**
 * When the stretch begins that a moment is in, in UTC: it has no summer time, so all days are equally long.
 * @param moment milliseconds since 1970
 * @returns as rows have it, `2026-05-01T00:00:00.000Z`
 */
export function bucketOf(grain: Grain, moment: number): string {
  const lengthMs = grain * 60_000;
  return new Date(Math.floor(moment / lengthMs) * lengthMs).toISOString();
}

/** The day in UTC, `2026-05-01`. @param moment milliseconds since 1970 */
export const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
