import { z } from 'zod';
import type { AudioFeatures } from '../domain/audio-features.ts';
import type { Slice } from '../domain/lists.ts';
import type { Album, AlbumTotals, Artist, Genre, Track } from '../domain/model.ts';

/** How a value is written into the cache and read from it. */
export interface CachedValue<Value> {
  readonly serialise: (value: Value) => string;
  /** @throws when it is not the text of such a value */
  readonly parse: (text: string) => Value;
}

/** Raised whenever one of the values below is written in another way. */
export const cachedVersion = 2;

/** A track that names its set of markets instead of repeating it. */
export type CachedTrack = Omit<Track, 'availableMarkets'> & { readonly markets: string };

const text = z.string();
const number = z.number();
const sortKey = z.array(z.union([text, number, z.boolean(), z.null()]));

export const cachedValues = {
  artist: json<Artist>(z.object({ id: text, name: text, bio: text.nullable(), popularity: number })),
  album: json<Album>(
    z.object({
      id: text,
      title: text,
      type: z.enum(['ALBUM', 'SINGLE', 'EP', 'COMPILATION']).nullable(),
      releaseDate: z.object({ date: text, precision: z.enum(['YEAR', 'MONTH', 'DAY']) }).nullable(),
      label: text.nullable(),
      copyright: text.nullable(),
      upc: text.nullable(),
    }),
  ),
  track: json<CachedTrack>(
    z.object({
      id: text,
      title: text,
      albumId: text.nullable(),
      durationMs: number,
      explicit: z.boolean(),
      isrc: text.nullable(),
      discNumber: number.nullable(),
      trackNumber: number.nullable(),
      popularity: number,
      markets: text,
    }),
  ),
  genre: json<Genre>(z.object({ id: text, slug: text, name: text, parentId: text.nullable() })),
  audioFeatures: json<AudioFeatures>(
    z.object({
      tempoBpm: number,
      energy: number,
      valence: number,
      danceability: number,
      acousticness: number,
      instrumentalness: number,
    }),
  ),
  ids: json<readonly string[]>(z.array(text)),
  totals: json<AlbumTotals>(z.object({ trackCount: number, durationMs: number })),
  slice: json<Slice>(
    z.object({
      rows: z.array(sortKey),
      hasRowsAtAfter: z.boolean(),
      hasRowsAtBefore: z.boolean(),
      lookedUntil: sortKey.nullable(),
    }),
  ),
};

function json<Value>(schema: z.ZodType<Value>): CachedValue<Value> {
  return {
    serialise: (value) => JSON.stringify(value),
    parse: (serialised) => schema.parse(JSON.parse(serialised)),
  };
}
