import { expect, it } from 'vitest';
import { createTally } from '../../src/domain/tally.ts';

it('sums counters by key', () => {
  const tally = createTally(['plays', 'skipped']);
  tally.add({ market: 'DE', grain: 1 }, { plays: 1 });
  tally.add({ market: 'DE', grain: 60 }, { plays: 1 });
  tally.add({ market: 'DE', grain: 1 }, { plays: 2, skipped: 1 });
  expect(tally.rows()).toEqual([
    { market: 'DE', grain: 1, plays: 3, skipped: 1 },
    { market: 'DE', grain: 60, plays: 1, skipped: 0 },
  ]);
});

it('has no rows when nothing was added', () => {
  expect(createTally(['plays']).rows()).toEqual([]);
});
