import { expect, it } from 'vitest';
import { lastOfEach } from '../src/index.ts';

it('keeps the last row of each key, in the order of these', () => {
  const rows = [
    { key: 'a', n: 1 },
    { key: 'b', n: 2 },
    { key: 'a', n: 3 },
    { key: 'c', n: 4 },
    { key: 'b', n: 5 },
  ];
  expect(lastOfEach(rows, ({ key }) => key).map(({ n }) => n)).toEqual([3, 4, 5]);
  expect(lastOfEach([], String)).toEqual([]);
});
