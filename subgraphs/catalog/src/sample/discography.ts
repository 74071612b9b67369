import type { SampleArtist } from './artists.ts';
import { createRandom, type Random } from './random.ts';
import {
  createRecording,
  createRelease,
  pickMarkets,
  type SampleRecording,
  type SampleRelease,
  type Studio,
} from './releases.ts';

/** All that an artist released, in no order. */
export function createDiscography(studio: Studio, artist: SampleArtist): readonly SampleRelease[] {
  const random = createRandom(`discography ${artist.number}`);
  const works = 1 + Math.round(5 / (1 + artist.number / 45) + 1.6 * random.next());
  const years = Array.from({ length: works }, () => random.integer(artist.since, artist.until)).sort();
  const titles = new Set<string>();
  const releases = years.flatMap((year) =>
    random.pickWeighted(
      [
        [52, album],
        [20, extendedPlay],
        [28, single],
      ] as const,
      ([weight]) => weight,
    )[1]({ random, studio, artist, year, titles }),
  );
  if (works >= 4 && random.chance(0.5)) releases.push(bestOf(random, artist, releases));
  if (artist.number % 23 === 5)
    releases.push(...album({ random, studio, artist, year: 2031, titles }).slice(0, 1));
  return releases;
}

/** Many artists on one record, as labels put them together. */
export function createSamplers(count: number, releases: readonly SampleRelease[]): readonly SampleRelease[] {
  return Array.from({ length: count }, (_, number) => {
    const random = createRandom(`sampler ${number}`);
    const host = random.pick(releases).artists[0] as SampleArtist;
    const genre = host.genres[0];
    const candidates = releases.filter(
      (release) =>
        release.artists[0]?.genres[0] === genre &&
        release.type !== 'COMPILATION' &&
        release.release.date < '2026',
    );
    const recordings = random.sample(candidates, 20).map((release) => random.pick(release.discs.flat()));
    const latest = Math.max(...recordings.map(({ year }) => year));
    const title = random.pick([
      `${genre?.name} for a Rainy Sunday`,
      `This Is ${genre?.name}, Vol. ${random.integer(1, 6)}`,
      `${genre?.name}: The Long View`,
      `Late ${genre?.name}`,
      `${genre?.name} Around the World`,
    ]);
    return {
      ...createRelease(random, host, {
        title,
        type: 'COMPILATION',
        year: Math.min(2026, latest + random.integer(0, 4)),
        discs: [recordings],
        share: 0.1,
      }),
      artists: [],
    };
  });
}

interface Work {
  readonly random: Random;
  readonly studio: Studio;
  readonly artist: SampleArtist;
  readonly year: number;
  readonly titles: Set<string>;
}

function album(work: Work): SampleRelease[] {
  const { random, artist, year } = work;
  const recordings = record(work, random.integer(8, 16));
  const more = random.chance(0.12) ? record(work, random.integer(6, 12)) : [];
  const title = random.chance(0.06)
    ? artist.name
    : random.chance(0.35)
      ? plain(recordings[0])
      : newTitle(work);
  const markets = pickMarkets(random);
  const discs = more.length > 0 ? [recordings, more] : [recordings];
  const releases = [createRelease(random, artist, { title, type: 'ALBUM', year, discs, share: 1, markets })];
  // The same recordings where the album itself is not licensed, or a little of it ahead of it.
  if (markets !== 'worldwide' && random.chance(0.6))
    releases.push(
      createRelease(random, artist, {
        title: `${title} (International Edition)`,
        type: 'ALBUM',
        year,
        discs,
        share: 0.3,
        markets: 'worldwide',
      }),
    );
  if (random.chance(0.25))
    releases.push(
      createRelease(random, artist, {
        title: plain(recordings[0]),
        type: 'SINGLE',
        year,
        discs: [[...recordings.slice(0, 1), ...(random.chance(0.4) ? record(work, 1) : [])]],
        share: 0.5,
      }),
    );
  if (random.chance(0.07))
    releases.push(
      createRelease(random, artist, {
        title: `${title} (Deluxe Edition)`,
        type: 'ALBUM',
        year: Math.min(Math.max(year, 2026), year + 1),
        discs: [...discs, record(work, random.integer(3, 6))],
        share: 0.4,
      }),
    );
  return releases;
}

function extendedPlay(work: Work): SampleRelease[] {
  const { random, artist, year } = work;
  const recordings = record(work, random.integer(4, 6));
  const title = random.chance(0.5) ? `${plain(recordings[0])} - EP` : newTitle(work);
  return [createRelease(random, artist, { title, type: 'EP', year, discs: [recordings], share: 0.9 })];
}

function single(work: Work): SampleRelease[] {
  const { random, artist, year } = work;
  const recordings = record(work, random.pick([1, 1, 1, 2, 2, 3]));
  const title = plain(recordings[0]);
  return [createRelease(random, artist, { title, type: 'SINGLE', year, discs: [recordings], share: 1 })];
}

function bestOf(random: Random, artist: SampleArtist, releases: readonly SampleRelease[]): SampleRelease {
  const recordings = [...new Set(releases.flatMap(({ discs }) => discs.flat()))]
    .sort((one, other) => other.appeal - one.appeal)
    .slice(0, 20);
  const years = recordings.map(({ year }) => year);
  const last = Math.max(...years);
  const title = random.pick([
    `The Best of ${artist.name}`,
    `${artist.name}: Anthology ${Math.min(...years)}–${last}`,
    `Everything So Far`,
    `Collected`,
  ]);
  return createRelease(random, artist, {
    title,
    type: 'COMPILATION',
    year: Math.min(2026, last + random.integer(0, 5)),
    discs: [recordings],
    share: 0.2,
  });
}

function record({ random, studio, artist, year, titles }: Work, count: number): SampleRecording[] {
  return Array.from({ length: count }, (_, place) =>
    createRecording(random, studio, artist, { year, place, titles }),
  );
}

function newTitle({ random, artist, titles }: Work): string {
  const title = artist.culture.title(random);
  titles.add(title);
  return title;
}

/** A title without who else is on it, or where. */
const plain = (recording: SampleRecording | undefined) =>
  recording?.title.replace(/ (\(feat\. .*|- Live in .*)$/, '') ?? '';
