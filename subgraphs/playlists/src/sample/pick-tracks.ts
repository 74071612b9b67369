import { createHash } from 'node:crypto';
import type { EditorialPlaylist } from './editorial-playlists.ts';

/** A track of the sample catalog, as far as playlists need it. Ids are UUIDs. */
export interface SampleTrack {
  readonly id: string;
  readonly albumId: string | null;
  /** The first is the main one. */
  readonly artistIds: readonly string[];
  /** When it came out. */
  readonly year: number | null;
}

/** Of each genre, by its slug, what may be played, the most popular first. */
export type TracksByGenre = ReadonlyMap<string, readonly SampleTrack[]>;

const mostOfOneArtist = 3;

/** The tracks of a playlist: popular ones of its genres, few of one artist, the same on every machine. */
export function pickTracks(
  { slug, genres, count, years, ranked }: EditorialPlaylist,
  tracksByGenre: TracksByGenre,
): SampleTrack[] {
  const [from, to] = years ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const lists = (genres.length > 0 ? genres : [...tracksByGenre.keys()]).map((genre) =>
    (tracksByGenre.get(genre) ?? []).filter(
      ({ year }) => !years || (year !== null && year >= from && year <= to),
    ),
  );
  const ofArtist = new Map<string, number>();
  const picked = new Map<string, SampleTrack>();
  for (const track of inTurns(lists)) {
    if (picked.size === count) break;
    const artist = track.artistIds[0] ?? '';
    const already = ofArtist.get(artist) ?? 0;
    if (picked.has(track.id) || already === mostOfOneArtist) continue;
    ofArtist.set(artist, already + 1);
    picked.set(track.id, track);
  }
  if (ranked) return [...picked.values()];
  return shuffle([...picked.values()], slug);
}

/** The first of each list, then the second of each, and so on. */
function* inTurns<Item>(lists: readonly (readonly Item[])[]): Generator<Item> {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let index = 0; index < longest; index += 1)
    for (const list of lists) if (index < list.length) yield list[index] as Item;
}

/** In an order that depends on the seed and on nothing else. */
function shuffle(tracks: readonly SampleTrack[], seed: string): SampleTrack[] {
  return tracks
    .map((track) => ({ track, key: createHash('sha1').update(`${seed} ${track.id}`).digest('hex') }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ track }) => track);
}
