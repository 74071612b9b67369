import type { AudioFeatures } from '../domain/audio-features.ts';
import type { AlbumValues } from '../domain/catalog-writer.ts';
import type { ReleaseDate } from '../domain/model.ts';
import type { SampleArtist } from './artists.ts';
import { classicalTitle } from './classical-titles.ts';
import type { MarketSet } from './market-sets.ts';
import { marketSetNames, marketSets } from './market-sets.ts';
import type { Random } from './random.ts';
import { measureRecording } from './sounds.ts';

/** A recording; every track that carries it has its code. */
export interface SampleRecording {
  readonly title: string;
  readonly artists: readonly SampleArtist[];
  readonly isrc: string;
  readonly features: AudioFeatures | null;
  readonly explicit: boolean;
  readonly year: number;
  /** How much it is listened to, relative to the others. */
  readonly appeal: number;
}

/** A release before it has an id. */
export interface SampleRelease {
  readonly title: string;
  readonly type: NonNullable<AlbumValues['type']>;
  readonly release: ReleaseDate;
  readonly label: string;
  readonly copyright: string;
  /** Empty for a compilation of many. */
  readonly artists: readonly SampleArtist[];
  /** By disc. */
  readonly discs: readonly (readonly SampleRecording[])[];
  readonly markets: MarketSet;
  /** How much of a recording's appeal this release of it gets, 0 to 1. */
  readonly share: number;
}

/** What all releases of one run need. */
export interface Studio {
  readonly artists: readonly SampleArtist[];
  /** A new recording code. */
  readonly isrc: (artist: SampleArtist, year: number) => string;
}

/** The last day on which anything was released. */
const lastYear = 2026;
const lastMonth = 10;

export function createRecording(
  random: Random,
  studio: Studio,
  artist: SampleArtist,
  { year, place, titles }: { year: number; place: number; titles: Set<string> },
): SampleRecording {
  const [main] = artist.genres;
  const invites = { 'hip-hop': 0.35, 'r-and-b': 0.22, pop: 0.16, 'latin-pop': 0.25, 'deep-house': 0.2 };
  const guest = random.chance(invites[main?.slug as keyof typeof invites] ?? 0.07)
    ? random.pick(studio.artists.filter(({ since, until }) => since <= year && year <= until + 10))
    : artist;
  const composed = main?.slug === 'classical' && random.chance(0.75);
  let title = composed ? classicalTitle(random) : artist.culture.title(random);
  for (let tries = 0; titles.has(title) && tries < 40; tries += 1)
    title = composed ? classicalTitle(random) : artist.culture.title(random);
  titles.add(title);
  if (guest !== artist && random.chance(0.6)) title = `${title} (feat. ${guest.name})`;
  else if (random.chance(0.02)) title = `${title} - Live in ${random.pick(artist.culture.homes)[1]}`;
  const isrc = studio.isrc(artist, year);
  return {
    title,
    artists: guest === artist ? [artist] : [artist, guest],
    isrc,
    features: measureRecording(artist.sound, isrc),
    explicit: random.chance(main?.explicit ?? 0),
    year,
    // Zipf twice: few artists are heard much, and of each few songs.
    appeal: ((0.5 + random.next()) * recency(year)) / ((artist.number + 2) ** 0.85 * (place + 1) ** 0.8),
  };
}

export function createRelease(
  random: Random,
  artist: SampleArtist,
  release: Pick<SampleRelease, 'title' | 'type' | 'discs' | 'share'> & { year: number; markets?: MarketSet },
): SampleRelease {
  const { year, ...rest } = release;
  return {
    ...rest,
    release: releaseDate(random, year),
    label: artist.label,
    copyright: `℗ ${year} ${artist.label}`,
    artists: [artist],
    markets: release.markets ?? pickMarkets(random),
  };
}

export function pickMarkets(random: Random): MarketSet {
  return random.pickWeighted(marketSetNames, (name) => marketSets[name].weight);
}

/** Of old records often only the year is known. */
function releaseDate(random: Random, year: number): ReleaseDate {
  const month = random.integer(1, year === lastYear ? lastMonth : 12);
  const [yearOnly, monthOnly] = year < 1975 ? [0.6, 0.75] : year < 1995 ? [0.25, 0.35] : [0.02, 0.04];
  const exactness = random.next();
  const two = (number: number) => String(number).padStart(2, '0');
  if (exactness < yearOnly) return { date: `${year}-01-01`, precision: 'YEAR' };
  if (exactness < monthOnly) return { date: `${year}-${two(month)}-01`, precision: 'MONTH' };
  return { date: `${year}-${two(month)}-${two(random.integer(1, 28))}`, precision: 'DAY' };
}

const recency = (year: number) => 0.4 + 0.6 * Math.exp((year - lastYear) / 12);
