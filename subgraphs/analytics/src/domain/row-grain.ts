import { stretchStart } from './stretch.ts';

/** How fine the rows of a series are, in minutes: all numbers are summed up by the minute, the hour and the day. */
export const rowGrains = [1, 60, 1440] as const;
export type RowGrain = (typeof rowGrains)[number];

/**
 * When the row's stretch begins that a moment is in, in UTC.
 * @param moment milliseconds since 1970
 * @returns as rows have it, `2026-05-01T00:00:00.000Z`
 */
export const bucketOf = (grain: RowGrain, moment: number): string =>
  new Date(stretchStart(grain * 60_000, moment)).toISOString();
