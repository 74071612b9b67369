import { createHash } from 'node:crypto';
import { encodeId, importedUuid } from '@medley/ids';
import { pieceFor } from '@medley/sample-audio';
import type {
  AlbumValues,
  ArtistValues,
  CatalogRecord,
  GenreValues,
  TrackValues,
} from '../domain/catalog-writer.ts';
import { createArtists, type SampleArtist } from './artists.ts';
import { createIsrcs, registrantOf, upcOf } from './codes.ts';
import { createDiscography, createSamplers } from './discography.ts';
import { sampleGenres } from './genres.ts';
import { createLandmarks } from './landmarks.ts';
import { marketSets } from './market-sets.ts';
import { createRandom } from './random.ts';
import type { SampleRelease, Studio } from './releases.ts';

/** A catalog to begin with: everything in it is invented, and the same on every machine. */
export interface SampleCatalog {
  readonly genres: readonly CatalogRecord<GenreValues>[];
  readonly artists: readonly CatalogRecord<ArtistValues>[];
  readonly albums: readonly CatalogRecord<AlbumValues>[];
  readonly tracks: readonly CatalogRecord<TrackValues>[];
}

const artistCount = 299;
const samplerCount = 24;

/** 300 artists, some 1,300 releases and 12,000 tracks, the landmarks among them. */
export function createSampleCatalog(): SampleCatalog {
  const artists = createArtists(artistCount);
  const studio: Studio = { artists, isrc: createRecordingCodes() };
  const own = artists.flatMap((artist) => createDiscography(studio, artist));
  const releases = [...own, ...createSamplers(samplerCount, own)];
  const landmarks = createLandmarks();
  const albums: CatalogRecord<AlbumValues>[] = [];
  const tracks: { record: CatalogRecord<TrackValues>; appeal: number }[] = [];
  releases.forEach((release, number) => {
    const album = `${number}`;
    albums.push({ id: uuid('album', album), values: albumValues(release, album) });
    tracks.push(...tracksOf(release, album));
  });
  return {
    genres: sampleGenres.map(({ slug, name }) => ({ id: uuid('genre', slug), values: { slug, name } })),
    artists: [landmarks.artist, ...artists.map(artistRecord)],
    albums: [...landmarks.albums, ...albums],
    tracks: [...landmarks.tracks, ...withPopularity(tracks)],
  };
}

/** Another one whenever the generator makes anything else: a database made from it can be kept by this. */
export function sampleCatalogHash(): string {
  const { tracks, ...others } = createSampleCatalog();
  const hash = createHash('sha256').update(JSON.stringify([others, marketSets]));
  for (const { id, values } of tracks) {
    const { availableMarkets, ...rest } = values;
    hash.update(JSON.stringify([id, rest, availableMarkets?.length, availableMarkets?.at(-1)]));
  }
  return hash.digest('hex').slice(0, 16);
}

const uuid = (kind: 'artist' | 'album' | 'track' | 'genre', key: string) => importedUuid('sample', kind, key);

function artistRecord({ number, name, bio, genres }: SampleArtist): CatalogRecord<ArtistValues> {
  return {
    id: uuid('artist', `${number}`),
    values: {
      name,
      bio,
      // The landmark artist is the first.
      popularity: popularityOf(number + 2, artistCount + 1),
      genreIds: genres.map(({ slug }) => uuid('genre', slug)),
    },
  };
}

function albumValues(release: SampleRelease, key: string): AlbumValues {
  const { title, type, label, copyright, artists } = release;
  return {
    title,
    type,
    release: release.release,
    label,
    copyright,
    upc: upcOf(createRandom(`upc ${key}`)),
    artistIds: artists.map(({ number }) => uuid('artist', `${number}`)),
  };
}

function tracksOf(release: SampleRelease, album: string) {
  const random = createRandom(`tracks ${album}`);
  return release.discs.flatMap((recordings, disc) =>
    recordings.map((recording, place) => {
      const id = uuid('track', `${album}.${disc + 1}.${place + 1}`);
      const values: TrackValues = {
        title: recording.title,
        albumId: uuid('album', album),
        durationMs: pieceFor(encodeId('track', id)).durationMs,
        explicit: recording.explicit,
        isrc: recording.isrc,
        discNumber: disc + 1,
        trackNumber: place + 1,
        popularity: 0,
        availableMarkets: marketSets[release.markets].markets,
        encodings: encodingsOf(recording.year, random.next()),
        withdrawnAt: random.chance(0.002) ? '2026-03-31T22:00:00.000Z' : null,
        audioFeatures: recording.features,
        artistIds: recording.artists.map(({ number }) => uuid('artist', `${number}`)),
      };
      const released = release.release.date < '2027';
      return { record: { id, values }, appeal: released ? recording.appeal * release.share : 0 };
    }),
  );
}

/** Old tapes were not all found again. */
function encodingsOf(year: number, chance: number): readonly string[] {
  const lossy = ['LOW', 'MEDIUM', 'NORMAL', 'HIGH'];
  if (chance < 0.006) return lossy.slice(0, 3);
  return chance < (year < 1972 ? 0.2 : 0.015) ? lossy : [...lossy, 'LOSSLESS'];
}

/** The rank by appeal decides: plays fall with it after Zipf, and popularity is their logarithm. */
function withPopularity(
  tracks: readonly { record: CatalogRecord<TrackValues>; appeal: number }[],
): CatalogRecord<TrackValues>[] {
  const ranked = [...tracks].sort((one, other) => other.appeal - one.appeal);
  const ranks = new Map(ranked.map(({ record }, at) => [record.id, at + 2]));
  return tracks.map(({ record, appeal }) => ({
    ...record,
    values: {
      ...record.values,
      popularity: appeal === 0 ? 0 : popularityOf(ranks.get(record.id) ?? tracks.length, tracks.length),
    },
  }));
}

/** @param rank 1 for the most popular of so many */
function popularityOf(rank: number, count: number): number {
  return Math.round(100 * (1 - Math.log(rank) / Math.log(count + 1)));
}

function createRecordingCodes(): Studio['isrc'] {
  const next = createIsrcs();
  const registrants = new Map<string, string>();
  const taken = new Set<string>();
  return ({ label, country }, year) => {
    let registrant = registrants.get(label);
    for (let tries = 0; registrant === undefined; tries += 1) {
      const candidate = registrantOf(createRandom(`registrant ${label} ${tries}`));
      if (!taken.has(candidate)) registrant = candidate;
    }
    registrants.set(label, registrant);
    taken.add(registrant);
    // Codes were given from 1986 on; older recordings got theirs when they were issued again.
    return next(country, registrant, Math.max(year, 1989));
  };
}
