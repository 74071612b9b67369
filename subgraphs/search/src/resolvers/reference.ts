import type { DocumentKind } from '../domain/search-document.ts';

/** A thing of another subgraph, known here by its id alone. */
export interface Reference {
  readonly __typename: 'Track' | 'Artist' | 'Album' | 'Playlist';
  readonly id: string;
}

export const toReference = ({ kind, id }: { kind: DocumentKind; id: string }): Reference => ({
  __typename: typeNames[kind],
  id,
});

const typeNames = { track: 'Track', artist: 'Artist', album: 'Album', playlist: 'Playlist' } as const;
