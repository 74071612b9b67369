import { countryCodes } from '@medley/countries';
import { type AudioFeatures, featureRanges, toAudioFeatures } from '../domain/audio-features.ts';
import type { AlbumValues } from '../domain/catalog-writer.ts';
import type { ReleaseDate } from '../domain/model.ts';
import { RejectedRowError } from './import-problem.ts';

const maxTextLength = 1_000;
const maxIdLength = 200;
// A day. The longest recordings sold as one track last some 12 hours.
const maxDurationMs = 86_400_000;

/** A title or name: without blanks around it, on one line, in Unicode's form C. */
export function readText(value: unknown, field: string, maxLength = maxTextLength): string {
  if (typeof value !== 'string') throw rejected(`${field} must be a text`, value);
  const text = value
    .replaceAll(/\s*[\r\n]\s*/g, ' ')
    .trim()
    .normalize('NFC');
  if (text === '') throw new RejectedRowError(`${field} is empty`);
  if (text.length > maxLength)
    throw new RejectedRowError(`${field} is ${text.length} characters long; at most ${maxLength} are taken`);
  // PostgreSQL stores neither.
  if (text.includes('\0') || /\p{Surrogate}/u.test(text))
    throw new RejectedRowError(`${field} holds a character that is none: NUL or half of a surrogate pair`);
  return text;
}

/** The id that the source gives. */
export function readSourceId(value: unknown, field: string): string {
  return readText(value, field, maxIdLength);
}

/** Milliseconds. */
export function readDurationMs(value: unknown, field: string, unitMs: 1 | 1_000): number {
  const durationMs = Math.round(readNumber(value) * unitMs);
  if (!(durationMs >= 1 && durationMs <= maxDurationMs))
    throw rejected(
      `${field} must be a number ${unitMs === 1 ? '1 to 86400000' : 'of seconds up to 86400'}`,
      value,
    );
  return durationMs;
}

export function readInteger(value: unknown, field: string, from: number, to: number): number {
  const number = readNumber(value);
  if (!Number.isInteger(number) || number < from || number > to)
    throw rejected(`${field} must be a whole number ${from} to ${to}`, value);
  return number;
}

/**
 * What was measured of a track, as the Spotify Web API names it. All six or nothing: a part of them says too little.
 * https://developer.spotify.com/documentation/web-api/reference/get-audio-features
 * @param of the value of each of `featureColumns`
 */
export function readAudioFeatures(of: (column: FeatureColumn) => unknown): AudioFeatures {
  const read = (column: FeatureColumn): number => {
    const [from, to] = featureRanges[column === 'tempo' ? 'tempoBpm' : column];
    const value = readNumber(of(column));
    if (!(value >= from && value <= to))
      throw rejected(`${column} must be a number ${from} to ${to}`, of(column));
    return value;
  };
  return toAudioFeatures({
    tempoBpm: read('tempo'),
    energy: read('energy'),
    valence: read('valence'),
    danceability: read('danceability'),
    acousticness: read('acousticness'),
    instrumentalness: read('instrumentalness'),
  });
}

export const featureColumns = [
  'tempo',
  'energy',
  'valence',
  'danceability',
  'acousticness',
  'instrumentalness',
] as const;
type FeatureColumn = (typeof featureColumns)[number];

/**
 * Whether a track is explicit, in the ways in which sources write flags. What is none of them is taken for yes: who must
 * not hear explicit tracks is better kept from one too many.
 */
export function readExplicit(value: unknown, onWarning: (reason: string) => void): boolean {
  const flag = typeof value === 'object' ? '' : String(value).trim().toLowerCase();
  if (yes.has(flag)) return true;
  if (no.has(flag)) return false;
  onWarning(`${rejected('explicit must be true or false', value).message}; imported as explicit`);
  return true;
}

/** ISO 3901: country, registrant, year, number; upper case, no hyphens. */
export function readIsrc(value: unknown): string {
  const code = typeof value === 'string' ? value.replaceAll(/[-\s]/g, '').toUpperCase() : '';
  if (!/^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(code)) throw rejected('isrc must be an ISRC (ISO 3901)', value);
  return code;
}

/** UPC-A or EAN-13; the check digit is not checked, since shops sell what carries a wrong one. */
export function readUpc(value: unknown): string {
  const code = typeof value === 'string' ? value.replaceAll(/[-\s]/g, '') : '';
  // Sources write them with zeros in front, up to the 14 digits of a GTIN.
  const digits = code.length === 14 && code.startsWith('0') ? code.slice(1) : code;
  if (!/^\d{12,13}$/.test(digits)) throw rejected('upc must have 12 or 13 digits', value);
  return digits;
}

/** A date as long as it is known: `1977`, `1977-05`, `1977-05-20`. `0000` is how sources write that it is not. */
export function readRelease(value: unknown): ReleaseDate | null {
  const text = typeof value === 'string' ? value.trim() : String(value);
  if (/^0000(-00){0,2}$/.test(text)) return null;
  const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text) ?? [];
  const date = `${year}-${month ?? '01'}-${day ?? '01'}`;
  const time = Date.parse(`${date}T00:00:00Z`);
  // Date.parse takes 31 February for 3 March.
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
  if (!exists || Number(year) < 1000)
    throw rejected('release_date must be a year, a month or a day (YYYY, YYYY-MM, YYYY-MM-DD)', value);
  return { date, precision: day ? 'DAY' : month ? 'MONTH' : 'YEAR' };
}

export function readAlbumType(value: unknown): NonNullable<AlbumValues['type']> {
  const type = typeof value === 'string' ? value.trim().toUpperCase() : '';
  if (type === 'ALBUM' || type === 'SINGLE' || type === 'EP' || type === 'COMPILATION') return type;
  throw rejected('album_type must be album, single, ep or compilation', value);
}

/** Sorted, each once. Codes of no country are left out: that denies, and never grants. */
export function readMarkets(
  codes: readonly unknown[],
  onUnknown: (codes: string) => void,
): readonly string[] {
  const upper = codes.map((code) => (typeof code === 'string' ? code.trim().toUpperCase() : String(code)));
  const unknown = upper.filter((code) => !knownMarkets.has(code));
  if (unknown.length > 0)
    onUnknown(`available_markets has no countries of ISO 3166-1: ${shorten(unknown.join(', '))}`);
  return [...new Set(upper.filter((code) => knownMarkets.has(code)))].sort();
}

/**
 * Reads a field that a row can do without: where it is wrong, the row goes in without it.
 * @returns undefined, which leaves the field as it is, when it cannot be read
 */
export function readOptional<Value>(
  read: () => Value,
  onWarning: (reason: string) => void,
): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RejectedRowError)) throw error;
    onWarning(`${error.message}; imported without it`);
    return undefined;
  }
}

export function rejected(expected: string, got: unknown): RejectedRowError {
  return new RejectedRowError(
    got === undefined ? `${expected}, but is missing` : `${expected}, got ${shorten(JSON.stringify(got))}`,
  );
}

function readNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  // Number() would also take '', '0x10' and '1e3'; but programs write small numbers as 1.43e-05.
  return typeof value === 'string' && /^\s*-?\d+(\.\d+)?(e-\d{1,3})?\s*$/i.test(value)
    ? Number(value)
    : Number.NaN;
}

const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

const knownMarkets = new Set(countryCodes);
const yes = new Set(['true', 'yes', 't', 'y', '1']);
const no = new Set(['false', 'no', 'f', 'n', '0']);
