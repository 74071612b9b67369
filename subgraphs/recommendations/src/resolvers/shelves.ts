import { countryName } from '@medley/countries';
import { badUserInput } from '@medley/errors';
import { encodeId } from '@medley/ids';
import type { Context } from '../context.ts';
import { InvalidTokenError } from '../domain/caught-up.ts';
import { provenanceOf, type Standing } from '../domain/provenance.ts';
import { type Recommendations, type Shelf, type ShelfItem, shelfSize } from '../domain/shelf.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { fromStores } from './from-stores.ts';
import { nameOf } from './recommendation.ts';
import { toMember } from './reference.ts';

/** A shelf, and how things stood when it was made. */
export interface ShelfOf extends Shelf {
  readonly standing: Standing;
}
/** How recommendations stand; the shelves are made when they are asked for: who only waits for a play gets none. */
export interface RecommendationsOf {
  readonly caughtUp: boolean;
  readonly asOf: Date;
  readonly eventLagMs: number | null;
  make(): Promise<Recommendations>;
}
export interface ShelfItemOf {
  readonly item: ShelfItem;
  readonly standing: Standing;
}

export async function readRecommendations(
  userId: string,
  { after }: { readonly after?: string | null },
  { request, useCases }: Context,
): Promise<RecommendationsOf> {
  const caughtUp = typeof after === 'string' ? await waitFor(userId, after, useCases) : true;
  const audience = { market: request.market, explicit: request.explicit };
  let made: Promise<Recommendations> | undefined;
  return {
    caughtUp,
    ...useCases.lag(),
    make() {
      made ??= fromStores(useCases.shelves(userId, audience));
      return made;
    },
  };
}

async function waitFor(userId: string, token: string, { waitFor: wait }: Context['useCases']) {
  try {
    return await wait(userId, token);
  } catch (error) {
    if (error instanceof InvalidTokenError) throw badUserInput(`after: ${error.message}`);
    throw error;
  }
}

const titles = {
  JUMP_BACK_IN: 'Jump back in',
  NEW_FROM_FOLLOWED: 'New from artists you follow',
  MADE_FOR_YOU: 'Made for you',
  FITS_TASTE: 'More of what you like',
} as const;

export const shelfTypes = {
  Recommendations: {
    async shelves(recommendations) {
      const { shelves, standing } = await recommendations.make();
      return shelves.map((shelf): ShelfOf => ({ ...shelf, standing }));
    },
    empty: async (recommendations) => (await recommendations.make()).empty,
  },
  RecommendationShelf: {
    id: ({ kind, because }) =>
      because ? `${kind}:${encodeId(because.kind === 'TRACK' ? 'track' : 'artist', because.id)}` : kind,
    async title({ kind, because }, _, { request, loaders }) {
      if (kind === 'POPULAR')
        return `Popular in ${request.market ? countryName(request.market) : 'the world'}`;
      if (kind !== 'BECAUSE_YOU_LISTENED') return titles[kind];
      const name = await nameOf(because, loaders);
      return name === null ? 'Like what you listened to' : `Because you listened to ${name}`;
    },
    because: ({ because }) => because && toMember(because),
    items({ items, standing }, { first }) {
      if (first < 1 || first > shelfSize) throw badUserInput(`first must be 1..${shelfSize}, got ${first}`);
      return items.slice(0, first).map((item): ShelfItemOf => ({ item, standing }));
    },
  },
  RecommendedItem: {
    item: ({ item: { thing } }) =>
      thing.kind === 'MIX' ? { __typename: 'Mix', ...thing.mix } : toMember(thing),
    recommendation({ item, standing }) {
      if (item.thing.kind !== 'MIX') return provenanceOf(item, standing);
      const { model, asOf } = item.thing.mix;
      return { ...provenanceOf(item, { ...standing, model }), asOf };
    },
  },
} satisfies Resolvers;
