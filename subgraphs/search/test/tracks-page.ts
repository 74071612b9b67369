export interface Page {
  edges: {
    cursor: string;
    title?: string;
    node: { id: string };
    highlights?: { start: number; end: number }[];
  }[];
  nodes: { id: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}
/** What `tracksPage`, and questions like it, are answered. */
export type Answer = { search: Record<'tracks' | 'artists' | 'albums' | 'playlists', Page | null> | null };

/** Asks for a page of tracks. */
export const tracksPage = `query ($query: String!, $first: Int!, $after: String, $filter: SearchFilter, $all: Boolean) {
  search(query: $query, filter: $filter, includeUnavailable: $all) {
    tracks(first: $first, after: $after) {
      edges { cursor title highlights { start end } node { id } }
      nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}`;
/** The titles on a page, in its order. */
export const titlesOf = (answer: Answer, kind: keyof NonNullable<Answer['search']> = 'tracks') =>
  answer.search?.[kind]?.edges.map(({ title }) => title);
