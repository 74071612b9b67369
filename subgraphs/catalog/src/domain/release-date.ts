import type { ReleaseDate } from './model.ts';

/** ISO 8601, as long as its precision: `1977`, `1977-05` or `1977-05-20`. */
export function formatReleaseDate({ date, precision }: ReleaseDate): string {
  return date.slice(0, lengths[precision]);
}

export const releaseYear = ({ date }: ReleaseDate): number => Number(date.slice(0, 4));

const lengths = { YEAR: 4, MONTH: 7, DAY: 10 } as const;
