import { type CursorBinding, readCursor } from '@medley/connection';
import { badUserInput } from '@medley/errors';
import { requireSignedIn } from '@medley/subgraph';
import type { Context } from '../context.ts';
import type { Sources } from '../domain/updates.ts';
import type {
  RecommendationsEventResolvers,
  SubscriptionRecommendationsUpdatedArgs,
  SubscriptionResolvers,
} from '../generated/graphql.ts';
import { readRecommendations } from './shelves.ts';

export const Subscription: SubscriptionResolvers = {
  recommendationsUpdated: { subscribe: (_, given, context) => tellUpdates(given, context) },
};

export const RecommendationsEvent: RecommendationsEventResolvers = {
  // By the context of the event: the one in which it was begun is of long ago.
  recommendations: (_, _given, context) =>
    context.viewerId === null ? null : readRecommendations(context.viewerId, {}, context),
};

function tellUpdates({ after }: SubscriptionRecommendationsUpdatedArgs, context: Context) {
  const { request, viewerId: userId, cursors, updates } = context;
  requireSignedIn(request);
  if (userId === null) throw badUserInput('The account that asks has no id.');
  const binding = { cursors, field: 'Subscription.recommendationsUpdated', arguments: { userId } };
  const asked = { userId, after: readSources(after, binding), signal: request.signal };
  return (async function* () {
    for await (const { kind, causes, sources } of updates(asked)) {
      const { profile, library, mixes, model } = sources;
      const cursor = cursors.encode(binding, [profile, library, mixes, model]);
      yield { recommendationsUpdated: { kind, cursor, replaces: true, causes: [...causes] } };
    }
  })();
}

/** @throws MedleyError BAD_USER_INPUT */
function readSources(after: string | null | undefined, binding: CursorBinding): Sources | null {
  const key = readCursor('after', after, binding);
  if (key === null) return null;
  const [profile = 0, library = 0, mixes = 0, model = 0] = key.map(Number);
  return { profile, library, mixes, model };
}
