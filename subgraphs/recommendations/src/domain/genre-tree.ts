import type { GenreFacts } from './catalog-facts.ts';

/** Where genres belong. */
export interface GenreTree {
  /** The genre itself, then its wider ones, the nearest first. A genre that is unknown stands alone. */
  readonly path: (genreId: string) => readonly string[];
  /** How many genres are known. */
  readonly size: number;
  /** All of them. */
  readonly ids: readonly string[];
}

/** Deeper than any that is in use: what is told in circles ends here. */
const deepest = 6;

export function createGenreTree(genres: readonly Pick<GenreFacts, 'id' | 'parentId'>[]): GenreTree {
  const parents = new Map(genres.map(({ id, parentId }) => [id, parentId]));
  return {
    path(genreId) {
      const path: string[] = [];
      for (
        let id: string | null = genreId;
        id !== null && path.length < deepest;
        id = parents.get(id) ?? null
      ) {
        if (path.includes(id)) break;
        path.push(id);
      }
      return path;
    },
    size: parents.size,
    ids: [...parents.keys()],
  };
}
