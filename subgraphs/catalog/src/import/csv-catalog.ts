import { type Described, identify, nothingDescribed, type Reading } from './described.ts';
import {
  featureColumns,
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
  rejected,
} from './read-fields.ts';

/** A file of a catalog folder. */
export interface CsvFile {
  readonly name: string;
  /** Columns without which it is of no use. Others that it may have are named as in the Spotify Web API. */
  readonly required: readonly string[];
  /** A folder need not have it. */
  readonly optional?: true;
  readonly read: (cells: ReadonlyMap<string, string>, reading: Reading) => Described;
}

/** The files of a catalog folder, what is referred to before what refers to it. */
export const csvFiles: readonly CsvFile[] = [
  { name: 'artists.csv', required: ['artist_id', 'name'], read: readArtist },
  { name: 'albums.csv', required: ['album_id', 'name'], read: readAlbum },
  {
    name: 'tracks.csv',
    required: ['track_id', 'name', 'album_id', 'duration_s', 'artist_ids'],
    read: readTrack,
  },
  {
    name: 'audio_features.csv',
    required: ['track_id', ...featureColumns],
    optional: true,
    read: readMeasured,
  },
];

type Cells = ReadonlyMap<string, string>;

function readArtist(cells: Cells, reading: Reading): Described {
  const described = nothingDescribed();
  const id = identify(reading, described, 'artist', readSourceId(cells.get('artist_id'), 'artist_id'));
  described.artists.push({ id, values: { name: readText(cells.get('name'), 'name') } });
  return described;
}

function readAlbum(cells: Cells, reading: Reading): Described {
  const described = nothingDescribed();
  const id = identify(reading, described, 'album', readSourceId(cells.get('album_id'), 'album_id'));
  const optional = optionalReader(cells, described);
  const artistIds = cells.get('artist_ids');
  described.albums.push({
    id,
    values: {
      title: readText(cells.get('name'), 'name'),
      type: optional('album_type', readAlbumType),
      release: optional('release_date', readRelease),
      label: optional('label', (text) => readText(text, 'label')),
      copyright: optional('copyright', (text) => readText(text, 'copyright')),
      upc: optional('upc', readUpc),
      artistIds: artistIds === undefined ? undefined : readArtistIds(artistIds, reading, described),
    },
  });
  return described;
}

function readTrack(cells: Cells, reading: Reading): Described {
  const described = nothingDescribed();
  const { markets } = reading;
  const id = identify(reading, described, 'track', readSourceId(cells.get('track_id'), 'track_id'));
  const albumId = cells.get('album_id')?.trim();
  const artistIds = readArtistIds(cells.get('artist_ids') ?? '', reading, described);
  if (artistIds.length === 0) throw rejected('artist_ids must name an artist', cells.get('artist_ids'));
  const optional = optionalReader(cells, described);
  const warn = (reason: string) => void described.warnings.push(reason);
  // A cell cannot tell no countries from nothing said; only a list that is there says where.
  const marketCodes = splitList(cells.get('available_markets') ?? '');
  described.tracks.push({
    id,
    values: {
      title: readText(cells.get('name'), 'name'),
      durationMs: readDurationMs(cells.get('duration_s'), 'duration_s', 1_000),
      albumId: albumId ? identify(reading, described, 'album', readSourceId(albumId, 'album_id')) : null,
      artistIds,
      explicit: optional('explicit', (text) => readExplicit(text, warn)) ?? undefined,
      isrc: optional('isrc', readIsrc),
      discNumber: optional('disc_number', (text) => readInteger(text, 'disc_number', 1, 1_000)),
      trackNumber: optional('track_number', (text) => readInteger(text, 'track_number', 1, 10_000)),
      popularity: optional('popularity', (text) => readInteger(text, 'popularity', 0, 100)) ?? undefined,
      availableMarkets: marketCodes.length > 0 ? readMarkets(marketCodes, warn) : undefined,
      audioFeatures: readMeasurements(cells, warn),
    },
    ...(markets && { assumed: { availableMarkets: markets } }),
  });
  return described;
}

function readMeasured(cells: Cells, reading: Reading): Described {
  const described = nothingDescribed();
  const id = identify(reading, described, 'track', readSourceId(cells.get('track_id'), 'track_id'));
  const audioFeatures = readAudioFeatures((column) => cells.get(column));
  described.audioFeatures.push({ id, values: { audioFeatures } });
  return described;
}

/** Of a track that is there without them. No column, and no cell with anything: not carried. */
function readMeasurements(cells: Cells, warn: (reason: string) => void) {
  if (!featureColumns.some((column) => cells.get(column)?.trim())) return undefined;
  return readOptional(() => readAudioFeatures((column) => cells.get(column)), warn);
}

/** Reads cells of columns that a file need not have. No column: not carried. An empty cell: carried and empty. */
function optionalReader(cells: Cells, described: Described) {
  return <Value>(column: string, read: (text: string) => Value): Value | null | undefined => {
    const text = cells.get(column)?.trim();
    if (text === undefined) return undefined;
    if (text === '') return null;
    return readOptional(
      () => read(text),
      (reason) => described.warnings.push(reason),
    );
  };
}

function readArtistIds(list: string, reading: Reading, described: Described): readonly string[] {
  const ids = splitList(list).map((id) =>
    identify(reading, described, 'artist', readSourceId(id, 'artist_ids')),
  );
  return [...new Set(ids)];
}

function splitList(text: string): readonly string[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
