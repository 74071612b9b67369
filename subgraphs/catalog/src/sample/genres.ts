/** A genre and what is usual in it. */
export interface SampleGenre {
  readonly slug: string;
  readonly name: string;
  /** How many artists play it, relative to the others. */
  readonly weight: number;
  /** When its records come out, at the earliest. */
  readonly since: number;
  /** How many of its songs have explicit words, 0 to 1. */
  readonly explicit: number;
  /** Of its artists: how many are one person, 0 to 1. */
  readonly soloists: number;
  /** What an artist of it may be called in a biography, after `a`. */
  readonly trade: string;
  /** How it sounds, for biographies. */
  readonly sound: string;
}

const genre = (
  slug: string,
  name: string,
  [weight, since, explicit, soloists]: readonly [number, number, number, number],
  trade: string,
  sound: string,
): SampleGenre => ({ slug, name, weight, since, explicit, soloists, trade, sound });

export const sampleGenres: readonly SampleGenre[] = [
  genre('afrobeat', 'Afrobeat', [3, 1970, 0.04, 0.4], 'bandleader', 'long grooves, brass and talking drums'),
  genre('ambient', 'Ambient', [4, 1978, 0, 0.8], 'composer', 'tape loops and slow weather'),
  genre('blues', 'Blues', [3, 1960, 0.02, 0.7], 'guitarist', 'a cracked amplifier and a steady foot'),
  genre('bossa-nova', 'Bossa Nova', [3, 1960, 0, 0.8], 'singer', 'nylon strings and half-whispered verses'),
  genre(
    'chanson',
    'Chanson',
    [3, 1960, 0.01, 0.8],
    'songwriter',
    'piano, accordion and sharp little stories',
  ),
  genre('city-pop', 'City Pop', [3, 1977, 0, 0.5], 'singer', 'slap bass, brass and the last train home'),
  genre('classical', 'Classical', [4, 1960, 0, 0.6], 'pianist', 'chamber works and new music'),
  genre('country', 'Country', [4, 1960, 0.03, 0.7], 'songwriter', 'pedal steel and plain speaking'),
  genre('deep-house', 'Deep House', [4, 1988, 0.02, 0.7], 'producer', 'warm chords and patient basslines'),
  genre(
    'electronic',
    'Electronic',
    [6, 1976, 0.03, 0.6],
    'producer',
    'modular synthesisers and found voices',
  ),
  genre('fado', 'Fado', [2, 1960, 0, 0.9], 'singer', 'twelve-string guitar and long goodbyes'),
  genre(
    'film-music',
    'Film Music',
    [3, 1962, 0, 0.7],
    'composer',
    'strings, choirs and a good deal of silence',
  ),
  genre('flamenco', 'Flamenco', [2, 1962, 0.01, 0.6], 'guitarist', 'handclaps, old forms and new chords'),
  genre('folk', 'Folk', [5, 1960, 0.02, 0.6], 'singer', 'old tunes in open tunings'),
  genre('funk', 'Funk', [3, 1968, 0.05, 0.2], 'bandleader', 'horns, clavinet and no hurry at all'),
  genre('hip-hop', 'Hip-Hop', [6, 1986, 0.42, 0.8], 'rapper', 'dusty samples and crowded verses'),
  genre(
    'indie-pop',
    'Indie Pop',
    [6, 1984, 0.05, 0.4],
    'songwriter',
    'bright guitars and unembarrassed choruses',
  ),
  genre('indie-rock', 'Indie Rock', [6, 1985, 0.09, 0.15], 'songwriter', 'loud guitars and quiet doubts'),
  genre('jazz', 'Jazz', [6, 1960, 0.01, 0.55], 'saxophonist', 'long lines over restless drums'),
  genre('k-pop', 'K-Pop', [3, 1996, 0.02, 0.3], 'singer', 'precise hooks and three tempos per song'),
  genre(
    'latin-pop',
    'Latin Pop',
    [4, 1980, 0.1, 0.6],
    'singer',
    'dembow, strings and choruses made for balconies',
  ),
  genre('metal', 'Metal', [4, 1974, 0.14, 0.05], 'guitarist', 'down-tuned guitars and very fast drums'),
  genre('pop', 'Pop', [8, 1966, 0.08, 0.65], 'singer', 'songs that fit on the first hearing'),
  genre('r-and-b', 'R&B', [5, 1972, 0.18, 0.8], 'singer', 'stacked harmonies and late hours'),
  genre('reggae', 'Reggae', [3, 1968, 0.05, 0.5], 'singer', 'deep bass and spring reverb'),
  genre('rock', 'Rock', [6, 1964, 0.08, 0.15], 'guitarist', 'two guitars, one riff and a big room'),
  genre(
    'singer-songwriter',
    'Singer-Songwriter',
    [5, 1966, 0.04, 0.95],
    'songwriter',
    'one voice, one guitar, a kitchen table',
  ),
  genre('soul', 'Soul', [4, 1961, 0.03, 0.7], 'singer', 'organ, tambourine and a voice that fills the room'),
  genre(
    'synthwave',
    'Synthwave',
    [3, 1982, 0.02, 0.7],
    'producer',
    'analogue arpeggios at a hundred miles an hour',
  ),
  genre('techno', 'Techno', [4, 1988, 0.02, 0.75], 'producer', 'machines left running until they sing'),
];
