import { type ConnectionArguments, readPageArguments } from '@medley/connection';
import { badUserInput } from '@medley/errors';
import { decodeId, type IdKind, idKindOf } from '@medley/ids';
import type { Context } from '../context.ts';
import type { NothingCode } from '../domain/list-filter.ts';
import { provenanceOf, type Standing } from '../domain/provenance.ts';
import type { SeedId } from '../domain/radio-seed.ts';
import type { RadioItem } from '../domain/radio-sessions.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { fromStores } from './from-stores.ts';
import { toReference } from './reference.ts';

/** A page of a radio. */
export interface RadioPageOf {
  readonly edges: readonly RadioEdgeOf[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly empty: NothingCode | null;
}

export interface RadioEdgeOf {
  readonly cursor: string;
  readonly item: RadioItem;
  readonly standing: Standing;
}

export async function readRadio(
  { seed, ...given }: ConnectionArguments & { readonly seed: string },
  { request, viewerId, useCases, cursors }: Context,
): Promise<RadioPageOf> {
  const seedId = seedArgument(seed);
  const binding = { cursors, field: 'Query.radio', arguments: { seed, viewerId } };
  const { limit, after } = readPageArguments(given, binding);
  const sessionId = after ? String(after[0]) : useCases.newRadioSession();
  const at = after ? Number(after[1]) : 0;
  const audience = { market: request.market, explicit: request.explicit };
  const page = await fromStores(useCases.radio({ seed: seedId, sessionId, at, limit, audience, viewerId }));
  const cursorAt = (place: number) => cursors.encode(binding, [sessionId, place]);
  const edges = page.items.map((item) => ({ cursor: cursorAt(item.place), item, standing: page.standing }));
  return {
    edges,
    pageInfo: {
      hasNextPage: page.next !== null,
      hasPreviousPage: at > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: page.next === null ? null : cursorAt(page.next),
    },
    empty: page.empty,
  };
}

/** @throws MedleyError BAD_USER_INPUT when it is no id of what a radio can be made around */
function seedArgument(seed: string): SeedId {
  const kind = idKindOf(seed);
  const known = seedKinds.find(([name]) => name === kind);
  if (known) {
    try {
      return { kind: known[1], id: decodeId(seed, known[0]) };
    } catch {
      // As below.
    }
  }
  throw badUserInput(
    `seed: expected the id of a track, an artist or a mix, got ${JSON.stringify(seed.slice(0, 60))}`,
  );
}

const seedKinds: readonly (readonly [IdKind, SeedId['kind']])[] = [
  ['track', 'TRACK'],
  ['artist', 'ARTIST'],
  ['mix', 'MIX'],
];

export const radioTypes = {
  RadioEdge: {
    node: ({ item }) => toReference('track', item.trackId),
    recommendation: ({ item, standing }) => provenanceOf(item, standing),
  },
} satisfies Resolvers;
