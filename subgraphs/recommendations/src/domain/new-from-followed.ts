import { mayPlay } from './catalog-facts.ts';
import type { Shelf, ShelfItem } from './shelf.ts';
import type { ShelfWork } from './shelves.ts';
import type { LibraryEntry } from './taste-profile.ts';

/** The UUID of the artist that an entry follows; null when it is something else. */
export type ReadFollowed = (entry: LibraryEntry) => string | null;

/** How long a release is new, in days. */
const newForDays = 60;
/** Artists whom an account followed last; and tracks of one release, so that it does not fill the shelf. */
const mostArtists = 1_000;
const mostOfAlbum = 3;

/** New tracks of artists whom the account follows, the newest first. */
export async function newFromFollowed(work: ShelfWork): Promise<Shelf[]> {
  const { facts, library, userId, audience, readFollowed, now } = work;
  const entries = await library.find(userId);
  const followed = entries.flatMap((entry) => readFollowed(entry) ?? []).slice(0, mostArtists);
  if (followed.length === 0) return [];
  const until = now().toISOString().slice(0, 10);
  const since = new Date(now().getTime() - newForDays * 86_400_000).toISOString().slice(0, 10);
  const tracks = await facts.newTracksOfArtists(followed, since, 500);
  const artists = new Set(followed);
  const ofAlbum = new Map<string, number>();
  const items = tracks.flatMap((track): ShelfItem[] => {
    const artistId = track.artistIds.find((id) => artists.has(id));
    // What is announced for later cannot be played yet.
    if (!artistId || !mayPlay(track, audience) || track.releasedOn > until) return [];
    const album = track.albumId ?? track.id;
    const count = (ofAlbum.get(album) ?? 0) + 1;
    ofAlbum.set(album, count);
    if (count > mostOfAlbum) return [];
    const because = { kind: 'ARTIST', id: artistId } as const;
    const grounds = { reason: 'NEW_FROM_FOLLOWED', because, source: 'LIVE', modelled: false } as const;
    return [{ thing: { kind: 'TRACK', id: track.id }, ...grounds }];
  });
  return [{ kind: 'NEW_FROM_FOLLOWED', because: null, items }];
}
