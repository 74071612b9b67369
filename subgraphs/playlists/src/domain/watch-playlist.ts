import type { Change } from './operation.ts';
import { maySee, type Playlist, type Role } from './playlist.ts';
import type { PlaylistHistory, SharedPlaylist } from './playlist-history.ts';
import { countBetween, includes, type Revisions } from './snapshot.ts';
import { type ToldEdit, toToldEdit } from './told-edit.ts';

/** Who follows which playlist. Ids are UUIDs. */
export interface WatchRequest {
  readonly playlistId: string;
  /** Null when nobody is signed in. */
  readonly viewerId: string | null;
  /** What was told before; null to begin with how it is now. */
  readonly since: Revisions | null;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** A playlist as it is, and what was done to it since it was told last. */
export interface PlaylistNews {
  /** LiveEventKind of the schema. */
  readonly kind: 'STARTED' | 'CHANGED' | 'GAP';
  readonly playlist: Playlist;
  /** In the order in which they were taken; none unless it `CHANGED`. */
  readonly edits: readonly ToldEdit[];
}

/** So many edits are told at once; who missed more is told that there is a gap. */
const maxEditsTold = 100;

/** What it reads, one playlist at a time. */
export interface WatchedPlaylists {
  find(playlistId: string): Promise<SharedPlaylist | null>;
  findOperations: PlaylistHistory['findOperations'];
}

export interface WatchDependencies {
  /** The name of this database among its replicas. */
  readonly replica: string;
  readonly watched: WatchedPlaylists;
  /** Yields at once, then whenever the playlist may be another, and now and then; until the signal is aborted. */
  readonly wakes: (playlistId: string, signal: AbortSignal) => AsyncIterable<void>;
  /**
   * Reads again and again while what is read is away.
   * @returns undefined when the signal was aborted before it succeeded
   */
  readonly retryWhileAway: <Read>(
    read: () => Promise<Read>,
    signal: AbortSignal,
  ) => Promise<Read | undefined>;
}

/** There is no such playlist (any more), or the viewer may not see it (any more): which of them is told to nobody. */
export class PlaylistGoneError extends Error {
  constructor() {
    super('no such playlist');
    this.name = 'PlaylistGoneError';
  }
}

/**
 * Follows playlists. Each look compares how the playlist is with what was told last, so it does not matter how often somebody is
 * woken, nor which replica or process told him before. Who does not ask for more is told of all that came meanwhile in one.
 */
export function createPlaylistWatch({ replica, watched, wakes, retryWhileAway }: WatchDependencies) {
  /** @throws PlaylistGoneError */
  async function findVisible({ playlistId, viewerId }: WatchRequest): Promise<Playlist> {
    const found = await watched.find(playlistId);
    const playlist = found && asSeenBy(found, viewerId);
    if (!playlist || !maySee(playlist)) throw new PlaylistGoneError();
    return playlist;
  }

  /** What is new since; null when nothing is. */
  async function look(request: WatchRequest, told: Revisions | null): Promise<PlaylistNews | null> {
    const playlist = await findVisible(request);
    if (!told) return { kind: 'STARTED', playlist, edits: [] };
    // All that was taken here is here, but after a restore.
    if ((told[replica] ?? 0) > (playlist.revisions[replica] ?? 0)) return gapTo(playlist);
    // Another replica has told more than has come to this one: nobody is shown less than he was shown.
    if (!includes(playlist.revisions, told)) return null;
    const missed = countBetween(told, playlist.revisions);
    if (missed === 0) return null;
    if (missed > maxEditsTold) return gapTo(playlist);
    const operations = await watched.findOperations({
      ...{ playlistId: playlist.id, since: told, until: playlist.revisions },
    });
    // Some of them are forgotten.
    if (operations.length < missed) return gapTo(playlist);
    const changes = operations.map(({ operation }) => operation.change);
    if (wasHidden(changes, request.viewerId, playlist.role)) return gapTo(playlist);
    const edits = operations.flatMap(({ operation, repeats }) =>
      repeats ? [] : (toToldEdit(operation) ?? []),
    );
    return { kind: 'CHANGED', playlist, edits };
  }

  async function* follow(request: WatchRequest): AsyncGenerator<PlaylistNews, void, undefined> {
    const { playlistId, signal } = request;
    let told = request.since;
    for await (const _ of wakes(playlistId, signal)) {
      const news = await retryWhileAway(() => look(request, told), signal);
      if (!news) continue;
      told = news.playlist.revisions;
      yield news;
    }
  }

  /**
   * Every edit once, in order. It ends with a PlaylistGoneError when the playlist is deleted or hidden from the viewer.
   * @throws PlaylistGoneError when it is not there to begin with
   */
  return async (request: WatchRequest): Promise<AsyncGenerator<PlaylistNews, void, undefined>> => {
    await retryWhileAway(() => findVisible(request), request.signal);
    return follow(request);
  };
}
export type WatchPlaylist = ReturnType<typeof createPlaylistWatch>;

const gapTo = (playlist: Playlist): PlaylistNews => ({ kind: 'GAP', playlist, edits: [] });

/** Whether the viewer may not have seen the playlist at some time in between: what was done then is not told to him. */
function wasHidden(changes: readonly Change[], viewerId: string | null, role: Role): boolean {
  if (role === 'OWNER') return false;
  const ofViewer = (type: 'ADD_COLLABORATOR' | 'REMOVE_COLLABORATOR') =>
    changes.some((change) => change.type === type && change.userId === viewerId);
  const madePrivate = changes.some((change) => change.type === 'SET_PRIVACY' && change.privacy === 'PRIVATE');
  return (
    ofViewer('REMOVE_COLLABORATOR') || (madePrivate && (role === 'STRANGER' || ofViewer('ADD_COLLABORATOR')))
  );
}

function asSeenBy(shared: SharedPlaylist, viewerId: string | null): Playlist {
  const { collaboratorIds, ...playlist } = shared;
  return { ...playlist, role: roleIn(shared, viewerId) };
}

function roleIn({ ownerId, collaboratorIds }: SharedPlaylist, viewerId: string | null): Role {
  if (viewerId === null) return 'STRANGER';
  if (viewerId === ownerId) return 'OWNER';
  return collaboratorIds.includes(viewerId) ? 'COLLABORATOR' : 'STRANGER';
}
