import type { Resolvers } from '../generated/graphql.ts';
import { Album } from './album.ts';
import { Artist } from './artist.ts';
import { CatalogChange } from './catalog-change.ts';
import { CatalogEntity } from './catalog-entity.ts';
import { connections } from './connections.ts';
import { Genre } from './genre.ts';
import { LeavingTrackConnection, LeavingTrackEdge } from './leaving-soon.ts';
import { Market } from './market.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { ReleaseDate } from './release-date.ts';
import { Track } from './track.ts';
import { TrackPlaybackFacts } from './track-playback-facts.ts';

export const resolvers: Resolvers = {
  Query,
  Mutation,
  Artist,
  Album,
  Track,
  Genre,
  Market,
  ReleaseDate,
  TrackPlaybackFacts,
  CatalogChange,
  CatalogEntity,
  LeavingTrackConnection,
  LeavingTrackEdge,
  ...connections,
};
