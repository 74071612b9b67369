import fc from 'fast-check';
import { expect, it } from 'vitest';
import { documentOfKey, keyOf, rankOfKey, relevanceOfKey } from '../../../src/adapters/minisearch/ranking.ts';
import { TopKeys } from '../../../src/adapters/minisearch/top-keys.ts';

it('keeps the greatest of many numbers, in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 20 }), (numbers, size) => {
      const top = new TopKeys(size);
      for (const number of numbers) top.offer(number);
      expect([...top.descending()]).toEqual(numbers.toSorted((a, b) => b - a).slice(0, size));
    }),
  );
});

it('sorts by relevance, then popularity, then the older document, and gives them back', () => {
  const part = fc.record({
    relevance: fc.integer({ min: 0, max: 131_071 }),
    popularity: fc.integer({ min: 0, max: 100 }),
    document: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
  });
  fc.assert(
    fc.property(part, part, (a, b) => {
      const [one, other] = [a, b].map(({ relevance, popularity, document }) =>
        keyOf(relevance, popularity, document),
      ) as [number, number];
      const order = a.relevance - b.relevance || a.popularity - b.popularity || b.document - a.document;
      expect(Math.sign(one - other)).toBe(Math.sign(order));
      expect(documentOfKey(one)).toBe(a.document);
      expect(relevanceOfKey(one)).toBe(a.relevance);
      expect(rankOfKey(one)).toBe(a.relevance * 128 + a.popularity);
    }),
  );
});
