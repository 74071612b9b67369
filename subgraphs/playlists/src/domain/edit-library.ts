import type { CatalogDirectory } from './catalog-directory.ts';
import { maxKept, type SavedKind } from './library.ts';
import type { LibraryRepository } from './library-repository.ts';
import type { Playlist } from './playlist.ts';

/** Something of the catalog that somebody wants to keep. */
export interface ItemToKeep {
  /** UUID. */
  readonly id: string;
  /** Such as `track_…`. */
  readonly publicId: string;
}

/** Why one item was not kept; UserErrorCode of the schema. */
export interface ItemProblem {
  readonly item: ItemToKeep;
  readonly code: 'NOT_FOUND' | 'LIMIT_REACHED';
  /** For people, in English. */
  readonly message: string;
}

const words: Readonly<Record<SavedKind, { one: string; many: string }>> = {
  TRACK: { one: 'track', many: 'saved tracks' },
  ALBUM: { one: 'album', many: 'saved albums' },
  ARTIST: { one: 'artist', many: 'followed artists' },
};

/**
 * Keeps what the catalog has of these items, in their order, as far as there is room. When the catalog cannot be asked
 * all of them are kept: losing what somebody likes is worse than keeping what is not there, which shows as nothing.
 * @param items distinct
 */
export async function keepItems(
  { library, catalog }: { library: LibraryRepository; catalog: CatalogDirectory },
  { userId, kind, items, now }: { userId: string; kind: SavedKind; items: readonly ItemToKeep[]; now: Date },
): Promise<{ kept: readonly ItemToKeep[]; problems: readonly ItemProblem[] }> {
  const known = await catalog.findEntities(items.map(({ publicId }) => publicId));
  const there = items.filter(({ publicId }) => known === null || known.has(publicId));
  const { full } =
    there.length > 0
      ? await library.save(
          userId,
          kind,
          there.map(({ id }) => id),
          now,
        )
      : { full: [] };
  const isThere = new Set(there);
  const isFull = new Set(full);
  const problems = items.flatMap((item): ItemProblem[] => {
    if (!isThere.has(item))
      return [{ item, code: 'NOT_FOUND', message: `There is no such ${words[kind].one}.` }];
    if (isFull.has(item.id))
      return [
        { item, code: 'LIMIT_REACHED', message: `A library has at most ${maxKept} ${words[kind].many}.` },
      ];
    return [];
  });
  const isProblem = new Set(problems.map(({ item }) => item));
  return { kept: items.filter((item) => !isProblem.has(item)), problems };
}

/** Why a playlist was not followed; UserErrorCode of the schema. */
export interface FollowProblem {
  readonly code: 'NOT_FOUND' | 'INVALID' | 'LIMIT_REACHED';
  /** For people, in English. */
  readonly message: string;
}

/**
 * Follows a playlist.
 * @param playlist as the viewer sees it; null when there is none, or the viewer may not see it
 * @returns what is in the way; null when it is followed
 */
export async function followPlaylist(
  library: LibraryRepository,
  { userId, playlist, now }: { userId: string; playlist: Playlist | null; now: Date },
): Promise<FollowProblem | null> {
  if (playlist?.role === 'OWNER')
    return { code: 'INVALID', message: 'This playlist is yours: it is in your library already.' };
  const outcome = playlist ? await library.follow(userId, playlist.id, now) : 'GONE';
  if (outcome === 'FULL')
    return { code: 'LIMIT_REACHED', message: `A library has at most ${maxKept} followed playlists.` };
  if (outcome === 'GONE') return { code: 'NOT_FOUND', message: 'There is no such playlist.' };
  return null;
}
