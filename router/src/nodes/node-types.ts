import type { IdKind } from '@medley/ids';
import type { LinkedSubgraph } from '../subgraphs.ts';

/** A type that implements Node, and the subgraph that says whether an object of it is there. */
export interface NodeType {
  readonly typename: string;
  readonly owner: LinkedSubgraph;
}

/** Every type that implements Node, by the kind of its ids. Kinds that are not in it are not reached by `node`. */
export const nodeTypes: Partial<Record<IdKind, NodeType>> = {
  artist: { typename: 'Artist', owner: 'catalog' },
  album: { typename: 'Album', owner: 'catalog' },
  track: { typename: 'Track', owner: 'catalog' },
  genre: { typename: 'Genre', owner: 'catalog' },
  user: { typename: 'User', owner: 'users' },
  playlist: { typename: 'Playlist', owner: 'playlists' },
  mix: { typename: 'Mix', owner: 'recommendations' },
};
