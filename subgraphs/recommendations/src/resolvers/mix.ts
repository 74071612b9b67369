import { type Connection, readPageArguments, toConnection } from '@medley/connection';
import { encodeId } from '@medley/ids';
import { idArgument, referenceUuid, requireService } from '@medley/subgraph';
import type { Context } from '../context.ts';
import type { Mix as MixRow } from '../domain/mixes.ts';
import { provenanceOf } from '../domain/provenance.ts';
import { groundsInMix, type ShownMixTrack, shownTracks } from '../domain/shown-mix.ts';
import type { MixResolvers, QueryMixToCopyArgs, Resolvers } from '../generated/graphql.ts';
import { fromStores } from './from-stores.ts';
import { toReference } from './reference.ts';

/** A page of a mix. */
export type MixTrackPage = Pick<Connection<MixTrackNode>, 'edges' | 'pageInfo'>;
export type MixTrackEdgeOf = MixTrackPage['edges'][number];

interface MixTrackNode extends ShownMixTrack {
  readonly mix: MixRow;
}

export const Mix: MixResolvers = {
  // Asynchronous, because a reference that throws at once would cost all entities of the request.
  async __resolveReference({ id }, { loaders }) {
    const uuid = referenceUuid('mix', id);
    return uuid === null ? null : fromStores(loaders.ownMix.load(uuid));
  },
  id: ({ id }) => encodeId('mix', id),
  artists: ({ artistIds }) => artistIds.map((id) => toReference('artist', id)),
  async tracks(mix, given, { loaders, request, cursors }) {
    const binding = { cursors, field: 'Mix.tracks', arguments: { id: mix.id } };
    const page = readPageArguments(given, binding);
    const after = Number(page.after?.[0] ?? 0);
    const found = await fromStores(
      loaders.track.loadMany(mix.tracks.map(({ trackId }) => trackId)).then(orThrow),
    );
    const shown = shownTracks(mix, found, { market: request.market, explicit: request.explicit });
    const rows = shown.filter(({ place }) => place > after).slice(0, page.limit + 1);
    const slice = { rows, hasRowsAtAfter: page.after !== null, hasRowsAtBefore: false };
    return toConnection(slice, page, binding, {
      key: ({ place }) => [place],
      node: (track) => ({ ...track, mix }),
    });
  },
};

export const mixTypes = {
  MixTrackEdge: {
    node: ({ node }) => toReference('track', node.trackId),
    recommendation({ node: { mix, ...track } }, _, { useCases }) {
      const standing = { model: mix.model, ...useCases.lag() };
      return { ...provenanceOf(groundsInMix(track, mix), standing), asOf: mix.asOf };
    },
  },
} satisfies Resolvers;

/** A mix of an account, for services, which copy it for that account. */
export async function readMixToCopy(
  { id, userId, market = null, explicit }: QueryMixToCopyArgs,
  { request, useCases, loaders }: Context,
) {
  requireService(request);
  const owner = idArgument('userId', userId, 'user');
  const mix = await fromStores(useCases.findMix(idArgument('id', id, 'mix')));
  if (mix?.userId !== owner) return null;
  const found = await fromStores(
    loaders.track.loadMany(mix.tracks.map(({ trackId }) => trackId)).then(orThrow),
  );
  const shown = shownTracks(mix, found, { market, explicit });
  return {
    title: mix.title,
    description: mix.description,
    trackIds: shown.map(({ trackId }) => encodeId('track', trackId)),
  };
}

function orThrow<Row>(found: readonly (Row | Error)[]): Row[] {
  return found.map((row) => {
    if (row instanceof Error) throw row;
    return row;
  });
}
