import type { Culture } from './cultures/culture.ts';
import { cultures } from './cultures/cultures.ts';
import { type SampleGenre, sampleGenres } from './genres.ts';
import { createRandom, type Random } from './random.ts';
import { artistSound, type Sound } from './sounds.ts';

/** An artist of the sample catalog before it has an id. */
export interface SampleArtist {
  /** From 0; also the rank by popularity. */
  readonly number: number;
  readonly name: string;
  readonly bio: string | null;
  readonly genres: readonly SampleGenre[];
  readonly culture: Culture;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Year of the first release. */
  readonly since: number;
  /** Year of the last release. */
  readonly until: number;
  readonly label: string;
  readonly sound: Sound;
}

/** @param count how many, the most popular first */
export function createArtists(count: number): readonly SampleArtist[] {
  const names = new Set<string>();
  return Array.from({ length: count }, (_, number) => createArtist(number, names));
}

function createArtist(number: number, names: Set<string>): SampleArtist {
  const random = createRandom(`artist ${number}`);
  const culture = random.pickWeighted(cultures, ({ weight }) => weight);
  const main = random.pickWeighted(
    sampleGenres,
    ({ slug, weight }) => weight * (culture.genres.includes(slug) ? 8 : homeOnly.has(slug) ? 0 : 1),
  );
  const kin = new Set(families.filter((family) => family.includes(main.slug)).flat());
  const others = sampleGenres.filter(
    ({ slug }) => slug !== main.slug && kin.has(slug) && !homeOnly.has(slug),
  );
  const genres = [main, ...random.sample(others, random.pick([0, 0, 1, 1, 2]))];
  // Where the bands of a language run out there are still its people.
  const band = random.chance(main.soloists) ? null : findNew(names, () => culture.band(random));
  const solo = band === null;
  const name = band ?? findNew(names, () => culture.person(random));
  if (name === null) throw new RangeError(`no new name for artist ${number}`);
  names.add(name);
  const [country, ...cities] = random.pick(culture.homes);
  // Most catalogs are of this century, most listening too.
  const since = Math.max(main.since, Math.round(2024 - 62 * random.next() ** 1.7));
  const until = Math.min(2026, since + random.integer(2, 32));
  const bio = random.chance(0.1)
    ? null
    : biographyOf(random, { name, solo, main, city: random.pick(cities), since });
  const label = random.pick(culture.labels);
  const sound = artistSound(number, genres);
  return { number, name, bio, genres, culture, country, since, until, label, sound };
}

/** Genres that artists of other languages do not play. */
const homeOnly = new Set(['chanson', 'city-pop', 'fado', 'flamenco', 'k-pop', 'bossa-nova']);

/** A second genre is near the first. */
const families = [
  ['pop', 'indie-pop', 'singer-songwriter', 'r-and-b', 'latin-pop', 'k-pop', 'city-pop', 'soul'],
  ['rock', 'indie-rock', 'metal', 'blues'],
  ['folk', 'country', 'blues', 'singer-songwriter', 'chanson', 'fado', 'flamenco'],
  ['electronic', 'techno', 'deep-house', 'ambient', 'synthwave'],
  ['jazz', 'soul', 'funk', 'afrobeat', 'bossa-nova', 'r-and-b'],
  ['hip-hop', 'r-and-b', 'soul', 'reggae', 'funk', 'afrobeat'],
  ['classical', 'film-music', 'ambient', 'jazz'],
];

/** Two artists of one name would only confuse; null when no new one was found. */
function findNew(names: ReadonlySet<string>, create: () => string): string | null {
  for (let tries = 0; tries < 60; tries += 1) {
    const name = create();
    if (!names.has(name)) return name;
  }
  return null;
}

function biographyOf(
  random: Random,
  {
    name,
    solo,
    main,
    city,
    since,
  }: { name: string; solo: boolean; main: SampleGenre; city: string; since: number },
): string {
  const who = solo
    ? `a ${main.trade}`
    : `a ${random.pick(['duo', 'trio', 'quartet', 'quintet', 'collective'])}`;
  const first = random.pick([
    `${name} is ${who} from ${city}, at home in ${main.name.toLowerCase()}: ${main.sound}.`,
    `${who[0]?.toUpperCase()}${who.slice(1)} from ${city}, ${name} has made records since ${since}: ${main.sound}.`,
    `From ${city} comes ${name}, ${who} known for ${main.sound}.`,
  ]);
  const second = random.pick([
    `The first record was made in ${since} in a borrowed ${random.pick(['garage', 'church hall', 'ferry cabin', 'school gym', 'bakery cellar', 'library'])}, in ${random.pick(['two days', 'one long weekend', 'eleven nights', 'a single take'])}.`,
    `Live, no song is played the same way twice.`,
    `Critics call it “${random.pick(['music for the last bus', 'the sound of a town falling asleep', 'a postcard that keeps arriving', 'unhurried and exact', 'sunlight with the blinds down'])}”.`,
    `Between tours ${solo ? `there is a day job at the ${random.pick(['harbour', 'post office', 'botanical garden', 'tram depot'])}` : `they keep ${random.pick(['bees', 'a record shop', 'a small radio station', 'an allotment'])}`}.`,
    `The songs have been heard in films, in lifts and, once, in orbit.`,
  ]);
  return random.chance(0.25) ? first : `${first} ${second}`;
}
