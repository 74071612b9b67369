import { referenceUuid } from '@medley/subgraph';
import type { Context } from '../context.ts';
import type { SavedKind } from '../domain/library.ts';
import type { AlbumResolvers, ArtistResolvers, TrackResolvers } from '../generated/graphql.ts';
import type { Reference } from './reference.ts';

const isSaved =
  (kind: SavedKind, idKind: 'track' | 'album' | 'artist') =>
  async ({ id }: Reference, _args: unknown, { loaders }: Context) => {
    const uuid = referenceUuid(idKind, id);
    return uuid === null ? null : loaders.isSaved[kind].load(uuid);
  };

export const Track: TrackResolvers = { viewerHasSaved: isSaved('TRACK', 'track') };
export const Album: AlbumResolvers = { viewerHasSaved: isSaved('ALBUM', 'album') };
export const Artist: ArtistResolvers = { viewerFollows: isSaved('ARTIST', 'artist') };
