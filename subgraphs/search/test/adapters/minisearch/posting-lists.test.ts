import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PostingLists } from '../../../src/adapters/minisearch/posting-lists.ts';

const steps = fc.array(
  fc.oneof(
    { weight: 30, arbitrary: fc.record({ list: fc.nat(7), entry: fc.nat(1_000) }) },
    { weight: 1, arbitrary: fc.record({ drop: fc.nat(9) }) },
  ),
  { maxLength: 400 },
);

describe('posting lists', () => {
  it('hold what was added to each, and what is retained', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const lists = new PostingLists();
        const expected: number[][] = Array.from({ length: 8 }, () => []);
        for (const _ of expected) lists.createList();
        for (const step of all) {
          if ('drop' in step) {
            const keeps = (entry: number) => entry % 10 !== step.drop;
            lists.retain(keeps);
            expected.forEach((entries, list) => {
              expected[list] = entries.filter(keeps);
            });
          } else {
            lists.add(step.list, step.entry);
            expected[step.list]?.push(step.entry);
          }
        }
        expect(expected.map((_, list) => [...lists.entries(list)])).toEqual(expected);
        expect(expected.map((_, list) => lists.length(list))).toEqual(expected.map(({ length }) => length));
      }),
    );
  });

  it('can be thousands, of thousands each', () => {
    const lists = new PostingLists();
    for (let list = 0; list < 3_000; list++) lists.createList();
    for (let entry = 0; entry < 300_000; entry++) lists.add(entry % 3 === 0 ? 6 : entry % 3_000, entry);
    expect(lists.length(6)).toBe(100_000);
    expect(lists.entries(6)[99_999]).toBe(299_997);
    expect([...lists.entries(1_000)].every((entry) => entry % 3_000 === 1_000)).toBe(true);
  });
});
