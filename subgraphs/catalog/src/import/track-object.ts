import { z } from 'zod';
import type { AlbumValues } from '../domain/catalog-writer.ts';
import { type Described, identify, nothingDescribed, type Reading } from './described.ts';
import { RejectedRowError } from './import-problem.ts';
import {
  readAlbumType,
  readAudioFeatures,
  readDurationMs,
  readExplicit,
  readInteger,
  readIsrc,
  readMarkets,
  readOptional,
  readRelease,
  readSourceId,
  readText,
  readUpc,
} from './read-fields.ts';

// The outline only: fields are read one by one, since a wrong one need not cost the row.
const trackObject = z.looseObject({
  type: z.literal('track').optional(),
  artists: z.array(z.looseObject({})).min(1).max(200),
  external_ids: z.looseObject({}).nullish(),
  album: z
    .looseObject({
      artists: z.array(z.looseObject({})).max(200).nullish(),
      copyrights: z.array(z.looseObject({})).nullish(),
      external_ids: z.looseObject({}).nullish(),
    })
    .nullish(),
  available_markets: z.array(z.unknown()).nullish(),
  audio_features: z.looseObject({}).nullish(),
});
type AlbumObject = NonNullable<z.infer<typeof trackObject>['album']>;

/**
 * Reads a track object of the Spotify Web API, full or simplified.
 * https://developer.spotify.com/documentation/web-api/reference/get-track
 * @throws RejectedRowError when it lacks what a track cannot do without: id, name, duration, artists
 */
export function readTrackObject(value: unknown, reading: Reading): Described {
  const parsed = trackObject.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new RejectedRowError(
      `${issue?.path.join('.') || 'the item'} is not as in a track object: ${issue?.message}`,
    );
  }
  const object = parsed.data;
  const described = nothingDescribed();
  const warn = (reason: string) => void described.warnings.push(reason);
  const optional = optionalReader(object, warn);
  const id = identify(reading, described, 'track', readSourceId(object.id, 'id'));
  const values = {
    title: readText(object.name, 'name'),
    durationMs: readDurationMs(object.duration_ms, 'duration_ms', 1),
    artistIds: readArtists(object.artists, 'artists', reading, described),
  };
  const { album, external_ids: codes, available_markets: markets, audio_features: measured } = object;
  described.tracks.push({
    id,
    values: {
      ...values,
      albumId: album ? readOptional(() => readAlbum(album, reading, described), warn) : album,
      explicit: optional('explicit', (flag) => readExplicit(flag, warn)) ?? undefined,
      isrc: codes ? (optionalReader(codes, warn)('isrc', readIsrc, null) as string | null) : undefined,
      discNumber: optional('disc_number', (number) => readInteger(number, 'disc_number', 1, 1_000)),
      trackNumber: optional('track_number', (number) => readInteger(number, 'track_number', 1, 10_000)),
      popularity: optional('popularity', (number) => readInteger(number, 'popularity', 0, 100)) ?? undefined,
      availableMarkets: markets ? readMarkets(markets, warn) : undefined,
      audioFeatures: measured
        ? readOptional(() => readAudioFeatures((property) => measured[property]), warn)
        : undefined,
    },
    ...(reading.markets && { assumed: { availableMarkets: reading.markets } }),
  });
  return described;
}

/** @returns the album's UUID */
function readAlbum(album: AlbumObject, reading: Reading, described: Described): string {
  const warn = (reason: string) => void described.warnings.push(`album: ${reason}`);
  const optional = optionalReader(album, warn);
  const id = identify(reading, described, 'album', readSourceId(album.id, 'album.id'));
  const { artists, copyrights, external_ids: codes } = album;
  const copyright = copyrights?.find(({ type }) => type === 'P') ?? copyrights?.[0];
  const values: Partial<AlbumValues> = {
    title: readOptional(() => readText(album.name, 'name'), warn),
    type: optional('album_type', readAlbumType),
    release: optional('release_date', readRelease),
    label: optional('label', (text) => readText(text, 'label')),
    copyright: copyright && optionalReader(copyright, warn)('text', (text) => readText(text, 'copyright')),
    upc: codes && optionalReader(codes, warn)('upc', readUpc, null),
    artistIds: artists
      ? readOptional(() => readArtists(artists, 'artists', reading, described), warn)
      : undefined,
  };
  described.albums.push({ id, values });
  return id;
}

/** @returns their UUIDs, in order */
function readArtists(
  artists: readonly Record<string, unknown>[],
  field: string,
  reading: Reading,
  described: Described,
): readonly string[] {
  const ids = artists.map((artist, at) => {
    const id = identify(reading, described, 'artist', readSourceId(artist.id, `${field}[${at}].id`));
    const name = readOptional(
      () => readText(artist.name, `${field}[${at}].name`),
      (reason) => described.warnings.push(reason),
    );
    described.artists.push({ id, values: { name } });
    return id;
  });
  return [...new Set(ids)];
}

/** Reads properties that an object need not have. None: not carried, unless told. Null: carried and empty. */
function optionalReader(object: Record<string, unknown>, warn: (reason: string) => void) {
  return <Value>(
    property: string,
    read: (value: unknown) => Value,
    whenMissing?: null,
  ): Value | null | undefined => {
    const value = object[property];
    if (value === undefined) return whenMissing;
    if (value === null || value === '') return null;
    return readOptional(() => read(value), warn);
  };
}
