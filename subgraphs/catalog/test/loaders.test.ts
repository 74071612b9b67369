import { describe, expect, it } from 'vitest';
import type { CatalogRepository } from '../src/domain/catalog-repository.ts';
import type { ListQuery } from '../src/domain/lists.ts';
import { createLoaders } from '../src/loaders.ts';

const page = { limit: 1, direction: 'forward', after: null, before: null } as const;

describe('the loaders', () => {
  it('give rows in the order of their keys, though they are found in any', async () => {
    const genre = (id: string) => ({ id, slug: id, name: id });
    const loaders = createLoaders({
      findGenresByIds: async () => [genre('b'), genre('a')],
    } as Partial<CatalogRepository> as CatalogRepository);
    expect(await loaders.genres.loadMany(['a', 'none', 'b'])).toEqual([genre('a'), null, genre('b')]);
  });

  it('ask for pages once per set of arguments, each with its parents', async () => {
    const asked: [ListQuery, readonly (string | null)[]][] = [];
    const loaders = createLoaders({
      async findPages(query, parentIds) {
        asked.push([query, parentIds]);
        return parentIds.map((id) => ({
          rows: [[id]],
          hasRowsAtAfter: false,
          hasRowsAtBefore: false,
          lookedUntil: null,
        }));
      },
    } as Partial<CatalogRepository> as CatalogRepository);
    const ones: ListQuery = { list: 'albumTracks', page };
    const twos: ListQuery = { list: 'albumTracks', page: { ...page, limit: 2 } };
    const slices = await Promise.all([
      loaders.pages.load({ query: ones, parentId: 'a' }),
      loaders.pages.load({ query: { ...twos }, parentId: 'b' }),
      loaders.pages.load({ query: { ...ones }, parentId: 'b' }),
      loaders.pages.load({ query: { ...ones }, parentId: 'a' }),
    ]);
    expect(asked).toEqual([
      [ones, ['a', 'b']],
      [twos, ['b']],
    ]);
    expect(slices.map(({ rows }) => rows[0]?.[0])).toEqual(['a', 'b', 'b', 'a']);
  });
});
