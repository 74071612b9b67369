import { type CursorBinding, readCursor } from '@medley/connection';
import { MedleyError } from '@medley/errors';
import { encodeId } from '@medley/ids';
import { idArgument, type LiveEvent } from '@medley/subgraph';
import { type Revisions, readSnapshot, writeSnapshot } from '../domain/snapshot.ts';
import type { ToldEdit } from '../domain/told-edit.ts';
import { PlaylistGoneError, type PlaylistNews } from '../domain/watch-playlist.ts';
import type { ResolversTypes, SubscriptionResolvers } from '../generated/graphql.ts';

export const Subscription: SubscriptionResolvers = {
  playlistChanged: {
    async subscribe(_, { id, after }, { cursors, request, viewerId, watchPlaylist }) {
      const playlistId = idArgument('id', id, 'playlist');
      const binding = {
        cursors,
        field: 'Subscription.playlistChanged',
        arguments: { id: encodeId('playlist', playlistId) },
      };
      const since = revisionsArgument(after, binding);
      const { signal } = request;
      const news = await watchPlaylist({ playlistId, viewerId, since, signal }).catch(tellGone);
      return toEvents(news, binding);
    },
  },
};

type PlaylistEvent = Awaited<ResolversTypes['PlaylistEvent']> & LiveEvent;

async function* toEvents(
  news: AsyncIterable<PlaylistNews>,
  binding: CursorBinding,
): AsyncGenerator<{ playlistChanged: PlaylistEvent }, void, undefined> {
  try {
    for await (const told of news) yield { playlistChanged: toEvent(told, binding) };
  } catch (error) {
    tellGone(error);
  }
}

const toEvent = (
  { kind, playlist, edits }: PlaylistNews,
  { cursors, ...scope }: CursorBinding,
): PlaylistEvent => ({
  kind,
  cursor: cursors.encode(scope, [writeSnapshot(playlist.revisions)]),
  // Edits are told once, each; how the playlist is says nothing of them.
  replaces: kind !== 'CHANGED',
  playlist,
  edits: edits.map(toEdit),
});

const toEdit = ({ operationId, kind, actorId, at, itemIds }: ToldEdit) => ({
  operationId,
  kind,
  by: actorId === null ? null : { id: encodeId('user', actorId) },
  at,
  itemIds: itemIds.map((id) => encodeId('item', id)),
});

/** The revisions in a cursor: a snapshot of the playlist. */
function revisionsArgument(after: string | null | undefined, binding: CursorBinding): Revisions | null {
  const key = readCursor('after', after, binding);
  return key && readSnapshot(String(key[0]));
}

function tellGone(error: unknown): never {
  if (error instanceof PlaylistGoneError) throw new MedleyError('NOT_FOUND', 'There is no such playlist.');
  throw error;
}
