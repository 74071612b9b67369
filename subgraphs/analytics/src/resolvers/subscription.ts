import { readCursor } from '@medley/connection';
import { MedleyError } from '@medley/errors';
import { encodeId } from '@medley/ids';
import { idArgument, requireScope } from '@medley/subgraph';
import type { Context } from '../context.ts';
import { NoSuchTrackError } from '../domain/live-counts.ts';
import type {
  SubscriptionLivePlaysArgs,
  SubscriptionPlayCountChangedArgs,
  SubscriptionResolvers,
} from '../generated/graphql.ts';

export const Subscription: SubscriptionResolvers = {
  livePlays: { subscribe: (_, given, context) => tellPlays(given, context) },
  playCountChanged: { subscribe: (_, given, context) => tellPlayCount(given, context) },
};

function tellPlays(given: SubscriptionLivePlaysArgs, { request, cursors, live }: Context) {
  requireScope(request, 'analytics:read');
  const market = given.market ?? null;
  const binding = { cursors, field: 'Subscription.livePlays', arguments: { market } };
  const after = numberIn(readCursor('after', given.after, binding));
  return (async function* () {
    for await (const told of live.plays({ market, after, signal: request.signal })) {
      const { kind, second, plays, notCounted } = told;
      const cursor = cursors.encode(binding, [second]);
      const at = new Date(second * 1_000);
      yield { livePlays: { kind, cursor, replaces: false, at, market, plays, notCounted } };
    }
  })();
}

function tellPlayCount(given: SubscriptionPlayCountChangedArgs, { request, cursors, live }: Context) {
  const trackId = idArgument('trackId', given.trackId, 'track');
  const id = encodeId('track', trackId);
  const binding = { cursors, field: 'Subscription.playCountChanged', arguments: { id } };
  const after = numberIn(readCursor('after', given.after, binding));
  return (async function* () {
    try {
      for await (const { kind, playCount } of live.playCount({ trackId, after, signal: request.signal })) {
        const cursor = cursors.encode(binding, [playCount]);
        // Whoever asks the track too gets the same number.
        const track = { id, playCount };
        yield { playCountChanged: { kind, cursor, replaces: true, track, playCount } };
      }
    } catch (error) {
      if (!(error instanceof NoSuchTrackError)) throw error;
      throw new MedleyError('NOT_FOUND', `There is no track ${id}.`);
    }
  })();
}

/** The one number that the cursors here have. */
const numberIn = (key: readonly unknown[] | null): number | null => (key === null ? null : Number(key[0]));
