import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDocument } from '../documents.ts';
import {
  aQuery,
  build,
  everyone,
  type IndexUnderTest,
  implementations,
  titles,
} from '../indexes-under-test.ts';

describe.each(implementations)('a SearchIndex of %s, with many documents,', (_name, open) => {
  let opened: IndexUnderTest;
  const count = 1_200;
  beforeAll(async () => {
    opened = await open();
    const documents = Array.from({ length: count }, (_, number) =>
      aDocument('track', `Song ${number}`, { popularity: number % 101 }),
    );
    const intros = Array.from({ length: 300 }, () => aDocument('track', 'Intro', { popularity: 100 }));
    await build(opened.writer, [
      ...documents,
      ...intros,
      aDocument('track', 'Introduction', { popularity: 1 }),
    ]);
  });
  afterAll(() => opened?.close());

  it('pages through the first thousand without gap or repetition', async () => {
    const seen = new Set<string>();
    const popularities: number[] = [];
    for (let offset = 0; offset < 1_000; offset += 100) {
      const [page] = await opened.index.search([aQuery('track', 'song', { offset, limit: 101 })]);
      expect(page?.hits).toHaveLength(101);
      for (const { id, popularity } of page?.hits.slice(0, 100) ?? []) {
        seen.add(id);
        popularities.push(popularity);
      }
    }
    expect(seen.size).toBe(1_000);
    expect(popularities).toEqual(popularities.toSorted((a, b) => b - a));
  });

  it('suggests a text once though hundreds have it', async () => {
    const found = await opened.index.suggest({ prefix: 'intro', audience: everyone, limit: 8 });
    expect(titles(found)).toEqual(['Intro', 'Introduction']);
  });
});
