import { expect, it } from 'vitest';
import { dayOf } from '../../src/domain/days.ts';
import { bucketOf } from '../../src/domain/row-grain.ts';

it.each([
  [1, '2026-03-29T01:59:59.999Z', '2026-03-29T01:59:00.000Z'],
  [60, '2026-03-29T01:59:59.999Z', '2026-03-29T01:00:00.000Z'],
  [1440, '2026-03-29T01:59:59.999Z', '2026-03-29T00:00:00.000Z'],
  [1440, '2026-03-29T00:00:00.000Z', '2026-03-29T00:00:00.000Z'],
  [60, '1969-12-31T23:59:00.000Z', '1969-12-31T23:00:00.000Z'],
] as const)('a stretch of %i minutes with %s begins at %s', (grain, moment, bucket) => {
  expect(bucketOf(grain, Date.parse(moment))).toBe(bucket);
});

it('knows the day of a moment', () => {
  expect(dayOf(Date.parse('2026-03-29T23:59:59.999Z'))).toBe('2026-03-29');
});
