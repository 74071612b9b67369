import { badUserInput } from '@medley/errors';
import { idArgument } from '@medley/subgraph';
import type { Context } from '../context.ts';
import { followPlaylist, type ItemProblem, type ItemToKeep, keepItems } from '../domain/edit-library.ts';
import { maxIdsOfEdit, type SavedKind } from '../domain/library.ts';
import type { MutationResolvers } from '../generated/graphql.ts';

/** The edits of libraries. */
export const libraryMutations = {
  async libraryTracksSave(_, { input }, context) {
    const { items, ...payload } = await save(context, 'TRACK', 'trackIds', input.trackIds);
    return { tracks: items, ...payload };
  },
  async libraryTracksUnsave(_, { input }, context) {
    const { items, ...payload } = await unsave(context, 'TRACK', 'trackIds', input.trackIds);
    return { tracks: items, ...payload };
  },
  async libraryAlbumsSave(_, { input }, context) {
    const { items, ...payload } = await save(context, 'ALBUM', 'albumIds', input.albumIds);
    return { albums: items, ...payload };
  },
  async libraryAlbumsUnsave(_, { input }, context) {
    const { items, ...payload } = await unsave(context, 'ALBUM', 'albumIds', input.albumIds);
    return { albums: items, ...payload };
  },
  async libraryArtistsFollow(_, { input }, context) {
    const { items, ...payload } = await save(context, 'ARTIST', 'artistIds', input.artistIds);
    return { artists: items, ...payload };
  },
  async libraryArtistsUnfollow(_, { input }, context) {
    const { items, ...payload } = await unsave(context, 'ARTIST', 'artistIds', input.artistIds);
    return { artists: items, ...payload };
  },

  async playlistFollow(_, { input }, { library, loaders, now, requireViewerId }) {
    const userId = requireViewerId();
    const playlistId = idArgument('input.playlistId', input.playlistId, 'playlist');
    const playlist = await loaders.playlist.load(playlistId);
    const problem = await followPlaylist(library, { userId, playlist, now: now() });
    return {
      playlist: await loaders.playlist.load(playlistId),
      userErrors: problem ? [{ field: ['input', 'playlistId'], ...problem }] : [],
    };
  },
  // No look at the playlist before: what is hidden or deleted in the meantime can still be left.
  async playlistUnfollow(_, { input }, { library, loaders, now, requireViewerId }) {
    const userId = requireViewerId();
    const playlistId = idArgument('input.playlistId', input.playlistId, 'playlist');
    await library.unfollow(userId, playlistId, now());
    return { playlist: await loaders.playlist.load(playlistId), userErrors: [] };
  },
} satisfies Partial<MutationResolvers>;

async function save(
  { library, catalog, now, requireViewerId }: Context,
  kind: SavedKind,
  name: string,
  ids: readonly string[],
) {
  const userId = requireViewerId();
  const items = readItems(kind, name, ids);
  const { kept, problems } = await keepItems({ library, catalog }, { userId, kind, items, now: now() });
  const toUserError = ({ item, code, message }: ItemProblem) => ({
    field: ['input', name, String(ids.indexOf(item.publicId))],
    code,
    message,
  });
  return {
    items: kept.map(({ publicId }) => ({ id: publicId })),
    library: { userId },
    userErrors: problems.map(toUserError),
  };
}

async function unsave(
  { library, now, requireViewerId }: Context,
  kind: SavedKind,
  name: string,
  ids: readonly string[],
) {
  const userId = requireViewerId();
  const items = readItems(kind, name, ids);
  await library.unsave(
    userId,
    kind,
    items.map(({ id }) => id),
    now(),
  );
  return {
    items: items.map(({ publicId }) => ({ id: publicId })),
    library: { userId },
    userErrors: [],
  };
}

const idKinds = { TRACK: 'track', ALBUM: 'album', ARTIST: 'artist' } as const;

/** Each once, in the order in which they came first. */
function readItems(kind: SavedKind, name: string, ids: readonly string[]): readonly ItemToKeep[] {
  if (ids.length < 1 || ids.length > maxIdsOfEdit)
    throw badUserInput(`input.${name}: 1 to ${maxIdsOfEdit} ids are needed, got ${ids.length}`);
  return [...new Set(ids)].map((publicId, index) => ({
    publicId,
    id: idArgument(`input.${name}.${index}`, publicId, idKinds[kind]),
  }));
}
