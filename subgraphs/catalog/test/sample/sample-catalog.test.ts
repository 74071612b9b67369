import { countryCodes } from '@medley/countries';
import { decodeId, encodeId } from '@medley/ids';
import { pieceFor } from '@medley/sample-audio';
import { describe, expect, it } from 'vitest';
import type { AlbumValues, CatalogRecord, TrackValues } from '../../src/domain/catalog-writer.ts';
import { sampleLandmarks } from '../../src/sample/landmarks.ts';
import { createSampleCatalog, sampleCatalogHash } from '../../src/sample/sample-catalog.ts';

const catalog = createSampleCatalog();
const albums = new Map(catalog.albums.map(({ id, values }) => [id, values as AlbumValues]));
const tracks = catalog.tracks as readonly CatalogRecord<TrackValues>[];
const valuesOf = (name: keyof typeof sampleLandmarks) =>
  tracks.find(({ id }) => id === decodeId(sampleLandmarks[name].id, 'track'))?.values as TrackValues;
const share = (some: (values: TrackValues) => boolean) =>
  tracks.filter(({ values }) => some(values as TrackValues)).length / tracks.length;

describe('the sample catalog', () => {
  it('is the same each time it is made', () => {
    expect(sampleCatalogHash()).toBe(sampleCatalogHash());
  });

  it('keeps its ids: links to it are in documents and tests', () => {
    expect(Object.values(sampleLandmarks).map(({ id }) => id)).toMatchInlineSnapshot(`
      [
        "track_0yvem1cssqbxn91ahrtav7mfsb",
        "track_1s8snw6hf8acba59ke1ac8882r",
        "track_69prh4d6dqbs2ams0ad2tp1qfk",
        "track_6gn2gbfwfsap4beaw8hw8x0ej1",
        "track_5k8ck6gj97a2d9dm8pn2b6q7fg",
        "track_1drr3a5m8xbgw8pkqzk2y6jwfe",
        "track_2e4tvf1r0ea0291ba4th6sbhbf",
        "track_4mvasy58wva0t9j371ba6tp9ec",
        "track_1es752gqjkbbda4edq4k5rv7rt",
        "track_27k0y0gcbzat2va01kptvr2kb4",
        "track_08wsjgh5qmaxvadynbk9a10eqp",
        "track_2x9tb13wvybb59rrxtj9a2pwyn",
      ]
    `);
  });

  it('has about 300 artists, 1,300 releases of all types and 12,000 tracks', () => {
    expect(catalog.artists).toHaveLength(300);
    expect(new Set(catalog.artists.map(({ values }) => values.name)).size).toBe(300);
    expect(albums.size).toBeGreaterThan(1_100);
    expect(albums.size).toBeLessThan(1_500);
    expect(tracks.length).toBeGreaterThan(11_000);
    expect(tracks.length).toBeLessThan(13_000);
    expect(new Set([...albums.values()].map(({ type }) => type)).size).toBe(4);
    expect(new Set([...albums.values()].map(({ release }) => release?.precision)).size).toBe(3);
    expect(new Set(tracks.map(({ id }) => id)).size).toBe(tracks.length);
  });

  it('refers only to what it has', () => {
    const ids = new Set([...catalog.genres, ...catalog.artists, ...catalog.albums].map(({ id }) => id));
    const references = [
      ...catalog.artists.flatMap(({ values }) => values.genreIds ?? []),
      ...catalog.albums.flatMap(({ values }) => values.artistIds ?? []),
      ...tracks.flatMap(({ values }) => [values.albumId ?? '', ...(values.artistIds ?? [])]),
    ];
    expect(references.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('has valid codes: ISRC, and UPC with the digit that checks it', () => {
    expect(tracks.filter(({ values }) => !/^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(values.isrc ?? ''))).toEqual([]);
    for (const { upc } of albums.values()) {
      const digits = [...(upc ?? '')].map(Number);
      const sum = digits.reduce((total, digit, at) => total + digit * (at % 2 === 0 ? 3 : 1), 0);
      expect(digits).toHaveLength(12);
      expect(sum % 10).toBe(0);
    }
  });

  it('has what makes playback interesting: markets, explicit words, missing encodings, other releases', () => {
    expect(share(({ availableMarkets }) => availableMarkets.length === countryCodes.length)).toBeGreaterThan(
      0.7,
    );
    expect(share(({ availableMarkets }) => !availableMarkets.includes('DE'))).toBeGreaterThan(0.05);
    expect(share(({ explicit }) => explicit)).toBeGreaterThan(0.04);
    expect(share(({ encodings }) => !encodings.includes('LOSSLESS'))).toBeGreaterThan(0.005);
    expect(share(({ withdrawnAt }) => withdrawnAt !== null)).toBeGreaterThan(0.001);
    const soldSomewhereElse = tracks.filter(
      ({ values: { isrc, availableMarkets } }) =>
        !availableMarkets?.includes('DE') &&
        tracks.some(({ values }) => values.isrc === isrc && values.availableMarkets?.includes('DE')),
    );
    expect(soldSomewhereElse.length).toBeGreaterThan(100);
    for (const { values } of tracks.slice(0, 500))
      expect(values.availableMarkets).toEqual([...(values.availableMarkets ?? [])].sort());
  });

  it('lets a track last as long as the piece that it sounds like', () => {
    const pieceOf = (id: string) => pieceFor(encodeId('track', id));
    expect(tracks.filter(({ id, values }) => values.durationMs !== pieceOf(id).durationMs)).toEqual([]);
  });

  it('spreads popularity as Zipf has it: few tracks are heard much', () => {
    expect(Math.max(...tracks.map(({ values }) => values.popularity ?? 0))).toBe(100);
    expect(share(({ popularity }) => popularity >= 50)).toBeLessThan(0.02);
    expect(share(({ popularity }) => popularity < 20)).toBeGreaterThan(0.8);
  });

  it('sounds as its genres do: what is near in one is near in the ear', () => {
    const artists = new Map(catalog.artists.map(({ id, values }) => [id, values.genreIds?.[0]]));
    const slugs = new Map(catalog.genres.map(({ id, values }) => [id, values.slug]));
    const energyOf = (slug: string) => {
      const energies = tracks.flatMap(({ values }) =>
        slugs.get(artists.get(values.artistIds?.[0] ?? '') ?? '') === slug
          ? (values.audioFeatures?.energy ?? [])
          : [],
      );
      return energies.reduce((sum, energy) => sum + energy, 0) / energies.length;
    };
    expect(energyOf('metal')).toBeGreaterThan(0.8);
    expect(energyOf('ambient')).toBeLessThan(0.35);
    expect(share(({ audioFeatures }) => audioFeatures === null)).toBeGreaterThan(0.01);
    expect(share(({ audioFeatures }) => audioFeatures === null)).toBeLessThan(0.04);
    const byRecording = new Map<string, string>();
    for (const { values } of tracks) {
      const sound = JSON.stringify(values.audioFeatures);
      expect(byRecording.get(values.isrc ?? '') ?? sound).toBe(sound);
      byRecording.set(values.isrc ?? '', sound);
    }
  });

  it('numbers the tracks of each disc from 1, without gaps', () => {
    const numbers = new Map<string, number[]>();
    for (const { values } of tracks) {
      const disc = `${values.albumId} ${values.discNumber}`;
      numbers.set(disc, [...(numbers.get(disc) ?? []), values.trackNumber ?? 0]);
    }
    for (const disc of numbers.values()) expect(disc).toEqual(disc.map((_, at) => at + 1));
  });

  it('has a landmark for every answer that a listener can get', () => {
    const titles = Object.keys(sampleLandmarks) as (keyof typeof sampleLandmarks)[];
    for (const name of titles) expect(valuesOf(name).title).toBe(sampleLandmarks[name].title);
    expect(valuesOf('everywhere')).toMatchObject({ availableMarkets: countryCodes, popularity: 100 });
    expect(valuesOf('notInGermany').availableMarkets).not.toContain('DE');
    expect(valuesOf('inGermany').availableMarkets).toContain('DE');
    expect(valuesOf('inGermany').isrc).toBe(valuesOf('notInGermany').isrc);
    expect(valuesOf('notInBrazil').availableMarkets).not.toContain('BR');
    expect(valuesOf('onlyNorthAmerica').availableMarkets).toEqual(['CA', 'US']);
    expect(valuesOf('nowhere').availableMarkets).toEqual([]);
    expect([valuesOf('explicit').explicit, valuesOf('clean').explicit]).toEqual([true, false]);
    expect(valuesOf('clean').isrc).toBe(valuesOf('explicit').isrc);
    expect(albums.get(valuesOf('unreleased').albumId ?? '')?.release?.date).toBe('2031-06-20');
    expect(valuesOf('withdrawn').withdrawnAt).not.toBeNull();
    expect(valuesOf('noLossless').encodings).toEqual(['LOW', 'MEDIUM', 'NORMAL', 'HIGH']);
    expect(valuesOf('noHigh').encodings).toEqual(['LOW', 'MEDIUM', 'NORMAL']);
  });
});
