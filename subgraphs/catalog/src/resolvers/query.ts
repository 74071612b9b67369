import { encodeId } from '@medley/ids';
import { idArgument, requireService } from '@medley/subgraph';
import { moodsByName } from '../domain/moods.ts';
import type { QueryResolvers } from '../generated/graphql.ts';
import { changeIdArgument, isSlug, limitArgument, manyIdsArgument } from './arguments.ts';
import { dependentArgument, entityArgument, entityKinds } from './entity-arguments.ts';
import { readLeavingSoon } from './leaving-soon.ts';
import { audienceOf, readList } from './list-field.ts';

export const Query: QueryResolvers = {
  track: (_, { id }, { loaders }) => loaders.tracks.load(idArgument('id', id, 'track')),
  tracks: (_, { ids }, { loaders }) => {
    const uuids = manyIdsArgument(ids, 100).map((id) => idArgument('ids', id, 'track'));
    return Promise.all(uuids.map((id) => loaders.tracks.load(id)));
  },
  album: (_, { id }, { loaders }) => loaders.albums.load(idArgument('id', id, 'album')),
  artist: (_, { id }, { loaders }) => loaders.artists.load(idArgument('id', id, 'artist')),
  artists: (_, given, context) => readList(context, given, { field: 'Query.artists', list: 'artists' }),
  newReleases: (_, given, context) =>
    readList(context, given, {
      field: 'Query.newReleases',
      list: 'newReleases',
      bound: { includeUnavailable: given.includeUnavailable },
      filter: { audience: audienceOf(context, given), today: context.now().toISOString().slice(0, 10) },
    }),
  genre: (_, { slug }, { loaders }) => (isSlug(slug) ? loaders.genresBySlug.load(slug) : null),
  genres: (_, given, context) => readList(context, given, { field: 'Query.genres', list: 'genres' }),
  moods: () => [...moodsByName],
  leavingSoon: readLeavingSoon,
  markets: (_, given, context) => readList(context, given, { field: 'Query.markets', list: 'markets' }),

  trackPlaybackFacts: (_, { ids }, { request, loaders }) => {
    requireService(request);
    const uuids = manyIdsArgument(ids, 1_000).map((id) => idArgument('ids', id, 'track'));
    return Promise.all(uuids.map((id) => loaders.playbackFacts.load(id)));
  },
  catalogChangesSince: async (_, { id, first }, { request, changes }) => {
    requireService(request);
    return [...(await changes.changesSince(changeIdArgument('id', id), limitArgument(first, 1_000)))];
  },
  catalogLastChange: async (_, _args, { request, changes }) => {
    requireService(request);
    return String(await changes.lastId());
  },
  catalogEntities: (_, { ids }, { request, loaders }) => {
    requireService(request);
    const keys = manyIdsArgument(ids, 1_000).map((id) => entityArgument('ids', id));
    return Promise.all(keys.map((key) => key && loaders.entities[key.kind].load(key.id)));
  },
  catalogEntitiesAfter: async (_, { kind, id, first }, { request, entities }) => {
    requireService(request);
    const after = typeof id === 'string' ? idArgument('id', id, entityKinds[kind]) : null;
    return [...(await entities.findAfter(entityKinds[kind], after, limitArgument(first, 1_000)))];
  },
  catalogDependents: async (_, { of, id, first }, { request, entities }) => {
    requireService(request);
    const limit = limitArgument(first, 1_000);
    const owner = entityArgument('of', of);
    if (!owner) return [];
    const after = typeof id === 'string' ? dependentArgument('id', id, owner) : null;
    const dependents = await entities.findDependents(owner, after, limit);
    return dependents.map((dependent) => encodeId(dependent.kind, dependent.id));
  },
  licenceChangesSince: async (_, { seq, first }, { request, licences }) => {
    requireService(request);
    const after = typeof seq === 'string' ? changeIdArgument('seq', seq) : null;
    const { trackIds, ...changes } = await licences.changesSince(after, limitArgument(first, 1_000));
    return { ...changes, seq: String(changes.seq), trackIds: trackIds.map((id) => encodeId('track', id)) };
  },
};
