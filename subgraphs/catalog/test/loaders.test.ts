import { describe, expect, it } from 'vitest';
import type { CatalogRepository } from '../src/domain/catalog-repository.ts';
import type { EntityFeed } from '../src/domain/entity-feed.ts';
import type { ListQuery } from '../src/domain/lists.ts';
import { createLoaders } from '../src/loaders.ts';

const page = { limit: 1, direction: 'forward', after: null, before: null } as const;

describe('the loaders', () => {
  const noEntities = {} as EntityFeed;
  const loadersOf = (catalog: Partial<CatalogRepository>) =>
    createLoaders(catalog as CatalogRepository, noEntities);

  it('give rows in the order of their keys, though they are found in any', async () => {
    const genre = (id: string) => ({ id, slug: id, name: id, parentId: null });
    const loaders = loadersOf({
      findGenresByIds: async () => [genre('b'), genre('a')],
    });
    expect(await loaders.genres.loadMany(['a', 'none', 'b'])).toEqual([genre('a'), null, genre('b')]);
  });

  it('ask for pages once per set of arguments, each with its parents', async () => {
    const asked: [ListQuery, readonly (string | null)[]][] = [];
    const loaders = loadersOf({
      async findPages(query, parentIds) {
        asked.push([query, parentIds]);
        return parentIds.map((id) => ({
          rows: [[id]],
          hasRowsAtAfter: false,
          hasRowsAtBefore: false,
          lookedUntil: null,
        }));
      },
    });
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
