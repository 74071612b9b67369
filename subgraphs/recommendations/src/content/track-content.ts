import type { GenreFacts, TrackFacts } from '../domain/catalog-facts.ts';
import { createTrackEmbedding, normalise } from '../domain/track-embedding.ts';
import { bestFirst, type Nearest } from './best-first.ts';
import { createVectorIndex } from './vector-index.ts';

/** What content goes by. */
export type ContentTrack = Pick<TrackFacts, 'title' | 'popularity' | 'artistIds' | 'genreIds' | 'features'>;

/** What sounds alike among all tracks, for those that few play. Tracks and artists are named by their numbers, from 0. */
export interface TrackContent {
  /**
   * The most alike first, where of two that are nearly as much alike the more popular one comes first: never the track itself, nor the
   * same recording on another release, and of one artist at most two.
   * @param limit at least 1
   */
  alikeTracks(track: number, limit: number): readonly Nearest[];
  /** The same for artists, who are what their tracks are on the whole. @param limit at least 1 */
  alikeArtists(artist: number, limit: number): readonly Nearest[];
}

const ofOneArtist = 2;
/** How much of a score goes with popularity, 0 to 1: what nobody likes is seldom what somebody wants. Measured by `bench:content`. */
const popularityShare = 0.3;

/**
 * Some 420 bytes a track and as much an artist in memory.
 * @param artistIds the number of an artist is the place here; tracks may name others, who are left out
 */
export function createTrackContent(
  tracks: readonly ContentTrack[],
  artistIds: readonly string[],
  genres: readonly Pick<GenreFacts, 'id' | 'parentId'>[],
): TrackContent {
  const embedding = createTrackEmbedding(genres);
  const { length } = embedding;
  const artistNumbers = new Map(artistIds.map((id, number) => [id, number]));
  const trackVectors = new Float32Array(tracks.length * length);
  const artistVectors = new Float32Array(artistIds.length * length);
  const recordings = createNumbers();
  const recordingOf = new Uint32Array(tracks.length);
  const mainArtistOf = new Int32Array(tracks.length).fill(-1);
  tracks.forEach((track, number) => {
    const vector = embedding.embed(track);
    trackVectors.set(vector, number * length);
    recordingOf[number] = recordings(recordingKey(track));
    mainArtistOf[number] = artistNumbers.get(track.artistIds[0] ?? '') ?? -1;
    for (const id of track.artistIds) {
      const artist = artistNumbers.get(id);
      if (artist === undefined) continue;
      const from = artist * length;
      for (let at = 0; at < length; at += 1)
        artistVectors[from + at] = (artistVectors[from + at] as number) + (vector[at] as number);
    }
  });
  for (let artist = 0; artist < artistIds.length; artist += 1)
    normalise(artistVectors.subarray(artist * length, (artist + 1) * length));
  const trackIndex = createVectorIndex(trackVectors, length);
  const artistIndex = createVectorIndex(artistVectors, length);

  return {
    alikeTracks(track, limit) {
      const around = trackIndex.around(
        vectorOf(trackVectors, track),
        Math.max(leastLookedAt, limit * lookedAtForOne),
      );
      for (let at = 0; at < around.items.length; at += 1) {
        const popularity = (tracks[around.items[at] as number]?.popularity ?? 0) / 100;
        const share = 1 - popularityShare + popularityShare * popularity;
        around.scores[at] = (around.scores[at] as number) * share;
      }
      const taken = new Set([recordingOf[track] as number]);
      const perArtist = new Map<number, number>();
      const found: Nearest[] = [];
      for (const near of bestFirst(around)) {
        if (found.length === limit) break;
        const recording = recordingOf[near.item] as number;
        const artist = mainArtistOf[near.item] as number;
        const already = perArtist.get(artist) ?? 0;
        if (near.item === track || taken.has(recording) || (artist >= 0 && already >= ofOneArtist)) continue;
        taken.add(recording);
        perArtist.set(artist, already + 1);
        found.push(near);
      }
      return found;
    },
    alikeArtists(artist, limit) {
      const found: Nearest[] = [];
      for (const near of bestFirst(artistIndex.around(vectorOf(artistVectors, artist), leastLookedAt))) {
        if (found.length === limit) break;
        if (near.item !== artist) found.push(near);
      }
      return found;
    },
  };

  function vectorOf(vectors: Float32Array, number: number): Float32Array {
    return vectors.subarray(number * length, (number + 1) * length);
  }
}

/** An artist has some ten tracks that are more like each other than like any others: so many are looked at for one that is taken. */
const lookedAtForOne = 60;
const leastLookedAt = 2_000;

/** The same recording has the same title and artists, wherever it came out. */
const recordingKey = ({ title, artistIds }: ContentTrack) => `${artistIds.join(' ')} ${title.toLowerCase()}`;

/** Numbers from 0, one for each text. */
function createNumbers(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
}
