import { countryCodes } from '@medley/countries';
import { encodeId, importedUuid } from '@medley/ids';
import { pieceFor } from '@medley/sample-audio';
import type { AlbumValues, ArtistValues, CatalogRecord, TrackValues } from '../domain/catalog-writer.ts';
import type { ReleaseDate } from '../domain/model.ts';
import { createIsrcs, upcOf } from './codes.ts';
import { type MarketSet, marketSets } from './market-sets.ts';
import { createRandom } from './random.ts';
import { artistSound, measureRecording } from './sounds.ts';

interface Landmark {
  /** The track's public id. */
  readonly id: string;
  readonly title: string;
  /** What is special about it. */
  readonly what: string;
}

const key = (name: string) => `landmark ${name}`;
const trackId = (name: string) => importedUuid('sample', 'track', key(name));
const landmark = (name: string, title: string, what: string): Landmark => ({
  id: encodeId('track', trackId(name)),
  title,
  what,
});

/** Tracks of the sample catalog that tests and the tour name. Their ids and what is special about them stay. */
export const sampleLandmarks = {
  everywhere: landmark(
    'everywhere',
    'Everywhere at Once',
    'may be played everywhere, in every quality; the most popular',
  ),
  notInGermany: landmark('notInGermany', 'Anywhere but Here', 'not sold in DE; its alternative is inGermany'),
  inGermany: landmark(
    'inGermany',
    'Anywhere but Here',
    'the same recording on a release that is sold in Europe',
  ),
  notInBrazil: landmark('notInBrazil', 'Tell It to the Tide', 'not sold in BR, without an alternative'),
  onlyNorthAmerica: landmark('onlyNorthAmerica', 'Fifty Kinds of Snow', 'sold in CA and US only'),
  nowhere: landmark('nowhere', 'Nobody’s Territory', 'sold nowhere, though not withdrawn'),
  explicit: landmark('explicit', 'Say It Louder', 'explicit; its alternative is clean'),
  clean: landmark('clean', 'Say It Louder', 'the recording of explicit, on a release that is marked clean'),
  unreleased: landmark('unreleased', 'Postcard from Tomorrow', 'comes out on 20 June 2031'),
  withdrawn: landmark('withdrawn', 'Left the Building', 'withdrawn by its label'),
  noLossless: landmark('noLossless', 'Tape Hiss Lullaby', 'has no LOSSLESS encoding'),
  noHigh: landmark('noHigh', 'Shortwave', 'has neither HIGH nor LOSSLESS'),
} as const satisfies Record<string, Landmark>;

export type LandmarkName = keyof typeof sampleLandmarks;

/** The public ids of who plays the landmarks, and of the album that has most of them. */
export const sampleLandmarkArtistId = encodeId(
  'artist',
  importedUuid('sample', 'artist', key('Lumen & Tide')),
);
export const sampleLandmarkAlbumId = encodeId(
  'album',
  importedUuid('sample', 'album', key('Lighthouse Weather')),
);

interface LandmarkAlbum {
  readonly name: string;
  readonly title: string;
  readonly type: AlbumValues['type'];
  readonly release: ReleaseDate;
  readonly markets: MarketSet;
  readonly tracks: readonly LandmarkName[];
}

const day = (date: string): ReleaseDate => ({ date, precision: 'DAY' });
const label = 'Halfmoon Street';

const albums: readonly LandmarkAlbum[] = [
  {
    name: 'Lighthouse Weather',
    title: 'Lighthouse Weather',
    type: 'ALBUM',
    release: day('2024-05-17'),
    markets: 'worldwide',
    tracks: [
      'everywhere',
      'explicit',
      'notInBrazil',
      'onlyNorthAmerica',
      'nowhere',
      'withdrawn',
      'noLossless',
      'noHigh',
    ],
  },
  {
    name: 'Anywhere but Here',
    title: 'Anywhere but Here',
    type: 'SINGLE',
    release: day('2025-02-07'),
    markets: 'notGermanSpeaking',
    tracks: ['notInGermany'],
  },
  {
    name: 'Continental Drift',
    title: 'Continental Drift',
    type: 'EP',
    release: day('2025-09-26'),
    markets: 'europe',
    tracks: ['inGermany'],
  },
  {
    name: 'Say It Louder (Radio Edit)',
    title: 'Say It Louder (Radio Edit)',
    type: 'SINGLE',
    release: day('2024-08-02'),
    markets: 'worldwide',
    tracks: ['clean'],
  },
  {
    name: 'Postcard from Tomorrow',
    title: 'Postcard from Tomorrow',
    type: 'ALBUM',
    release: day('2031-06-20'),
    markets: 'worldwide',
    tracks: ['unreleased'],
  },
];

/** What differs from a track that may be played wherever its release is sold. */
const exceptions: Partial<Record<LandmarkName, Partial<TrackValues>>> = {
  everywhere: { popularity: 100 },
  notInGermany: { popularity: 84 },
  inGermany: { popularity: 71 },
  explicit: { explicit: true, popularity: 88 },
  clean: { popularity: 62 },
  notInBrazil: { availableMarkets: countryCodes.filter((code) => code !== 'BR') },
  onlyNorthAmerica: { availableMarkets: ['CA', 'US'] },
  nowhere: { availableMarkets: [] },
  withdrawn: { withdrawnAt: '2026-03-31T22:00:00.000Z' },
  unreleased: { popularity: 0 },
  noLossless: { encodings: ['LOW', 'MEDIUM', 'NORMAL', 'HIGH'] },
  noHigh: { encodings: ['LOW', 'MEDIUM', 'NORMAL'] },
};

const genres = [{ slug: 'indie-pop' }, { slug: 'electronic' }];

const sameRecording: Partial<Record<LandmarkName, LandmarkName>> = {
  inGermany: 'notInGermany',
  clean: 'explicit',
};

/** The landmarks as rows: one artist, and their releases. */
export function createLandmarks(): {
  artist: CatalogRecord<ArtistValues>;
  albums: readonly CatalogRecord<AlbumValues>[];
  tracks: readonly CatalogRecord<TrackValues>[];
} {
  const artistId = importedUuid('sample', 'artist', key('Lumen & Tide'));
  const nextIsrc = createIsrcs();
  // -1: no other artist has it.
  const sound = artistSound(-1, genres);
  const isrcs = new Map(Object.keys(sampleLandmarks).map((name) => [name, nextIsrc('GB', 'MDL', 2024)]));
  return {
    artist: {
      id: artistId,
      values: {
        name: 'Lumen & Tide',
        bio: 'A duo from Bristol who recorded their first songs in a decommissioned lighthouse, between two foghorns. Every one of them is here to show something.',
        popularity: 100,
        genreIds: genres.map(({ slug }) => importedUuid('sample', 'genre', slug)),
      },
    },
    albums: albums.map(({ name, title, type, release }) => ({
      id: importedUuid('sample', 'album', key(name)),
      values: {
        title,
        type,
        release,
        label,
        copyright: `℗ ${release.date.slice(0, 4)} ${label}`,
        upc: upcOf(createRandom(key(name))),
        artistIds: [artistId],
      },
    })),
    tracks: albums.flatMap(({ name: album, markets, tracks }) =>
      tracks.map((name, place) => ({
        id: trackId(name),
        values: {
          title: sampleLandmarks[name].title,
          albumId: importedUuid('sample', 'album', key(album)),
          durationMs: pieceFor(sampleLandmarks[name].id).durationMs,
          explicit: false,
          isrc: isrcs.get(sameRecording[name] ?? name) ?? null,
          discNumber: 1,
          trackNumber: place + 1,
          popularity: 55,
          availableMarkets: marketSets[markets].markets,
          encodings: ['LOW', 'MEDIUM', 'NORMAL', 'HIGH', 'LOSSLESS'],
          withdrawnAt: null,
          audioFeatures: measureRecording(sound, key(sameRecording[name] ?? name)),
          artistIds: [artistId],
          ...exceptions[name],
        },
      })),
    ),
  };
}
