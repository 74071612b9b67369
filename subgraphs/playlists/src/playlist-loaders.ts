import DataLoader from 'dataloader';
import { maySee, type Playlist } from './domain/playlist.ts';
import type { ItemPage, ItemSlice, PlaylistRepository } from './domain/playlist-repository.ts';

/** A page of the items of a playlist. */
export interface ItemPageKey {
  readonly page: ItemPage;
  /** UUID. */
  readonly playlistId: string;
}

/**
 * The DataLoaders of one request for playlists; keys are UUIDs. They only batch and keep nothing, see loaders.ts. Who asks
 * by anything but `playlist` has looked before that the viewer may see it.
 */
export function createPlaylistLoaders({
  playlists,
  viewerId,
}: {
  playlists: PlaylistRepository;
  viewerId: string | null;
}) {
  const byPlaylist = (find: (ids: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>) =>
    new DataLoader<string, readonly string[]>(
      async (ids) => {
        const found = await find([...new Set(ids)]);
        return ids.map((id) => found.get(id) ?? []);
      },
      { cache: false },
    );
  return {
    /** Null when there is none, or the viewer may not see it. */
    playlist: new DataLoader<string, Playlist | null>(
      async (ids) => {
        const rows = await playlists.findByIds([...new Set(ids)], viewerId);
        const visible = new Map(rows.filter(maySee).map((row) => [row.id, row]));
        return ids.map((id) => visible.get(id) ?? null);
      },
      { cache: false },
    ),
    /** The UUIDs of accounts. */
    collaborators: byPlaylist((ids) => playlists.findCollaborators(ids)),
    /** The UUIDs of albums. */
    coverAlbums: byPlaylist((ids) => playlists.findCoverAlbums(ids)),
    itemPages: new DataLoader<ItemPageKey, ItemSlice>((keys) => loadPages(playlists, keys), { cache: false }),
  };
}

/** One statement for each page, whatever the number of playlists. */
async function loadPages(playlists: PlaylistRepository, keys: readonly ItemPageKey[]): Promise<ItemSlice[]> {
  const groups = new Map<string, ItemPageKey[]>();
  for (const key of keys) {
    const name = JSON.stringify(key.page);
    groups.set(name, [...(groups.get(name) ?? []), key]);
  }
  const slices = new Map<ItemPageKey, ItemSlice>();
  await Promise.all(
    [...groups.values()].map(async (group) => {
      const ids = [...new Set(group.map(({ playlistId }) => playlistId))];
      const found = await playlists.findItemPages((group[0] as ItemPageKey).page, ids);
      for (const key of group) slices.set(key, found[ids.indexOf(key.playlistId)] as ItemSlice);
    }),
  );
  return keys.map((key) => slices.get(key) as ItemSlice);
}
