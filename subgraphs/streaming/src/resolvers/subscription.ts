import { type CursorBinding, readCursor } from '@medley/connection';
import { type LiveEvent, requireSignedIn } from '@medley/subgraph';
import type { PlaybackNews, StatePosition } from '../domain/watch-playback.ts';
import type { ResolversTypes, SubscriptionResolvers } from '../generated/graphql.ts';
import { toState } from './playback-session.ts';

export const Subscription: SubscriptionResolvers = {
  playbackStateChanged: {
    subscribe(_, { after }, { cursors, request, watchPlayback }) {
      const { id: accountId } = requireSignedIn(request);
      const binding = {
        cursors,
        field: 'Subscription.playbackStateChanged',
        arguments: { viewer: accountId },
      };
      const since = positionArgument(after, binding);
      return toEvents(watchPlayback({ accountId, since, signal: request.signal }), binding);
    },
  },
};

type PlaybackStateEvent = Awaited<ResolversTypes['PlaybackStateEvent']> & LiveEvent;

async function* toEvents(
  news: AsyncIterable<PlaybackNews>,
  { cursors, ...scope }: CursorBinding,
): AsyncGenerator<{ playbackStateChanged: PlaybackStateEvent }, void, undefined> {
  for await (const { kind, state, position } of news) {
    const { epoch, revision, playing, queueRevision } = position;
    const cursor = cursors.encode(scope, [epoch, revision, playing, queueRevision]);
    yield { playbackStateChanged: { kind, cursor, replaces: true, state: toState(state) } };
  }
}

function positionArgument(after: string | null | undefined, binding: CursorBinding): StatePosition | null {
  const key = readCursor('after', after, binding);
  if (!key) return null;
  const [epoch, revision, playing, queueRevision] = key as [number, number, boolean, number];
  return { epoch, revision, playing, queueRevision };
}
