import { describe, expect, it } from 'vitest';
import { formatReleaseDate, releaseYear } from '../../src/domain/release-date.ts';

describe('a release date', () => {
  it.each([
    ['YEAR', '1977-01-01', '1977'],
    ['MONTH', '1977-05-01', '1977-05'],
    ['DAY', '1977-05-20', '1977-05-20'],
  ] as const)('of a %s is as long as its precision', (precision, date, expected) => {
    expect(formatReleaseDate({ date, precision })).toBe(expected);
    expect(releaseYear({ date, precision })).toBe(1977);
  });
});
