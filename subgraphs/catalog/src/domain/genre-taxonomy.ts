interface Branches {
  readonly [slug: string]: Branches;
}

const none: Branches = {};

/** Genres in the one under which most shops and stations have them: what is played by some is filed differently by others. */
const taxonomy: Branches = {
  african: { afrobeat: none, afrobeats: none, amapiano: none, highlife: none, soukous: none },
  blues: { 'blues-rock': none, 'chicago-blues': none, 'delta-blues': none },
  classical: {
    baroque: none,
    'chamber-music': none,
    choral: none,
    'film-music': { 'game-music': none },
    minimalism: none,
    'modern-classical': none,
    opera: none,
    romantic: none,
  },
  country: { americana: none, bluegrass: none, 'country-pop': none, 'outlaw-country': none },
  electronic: {
    ambient: { 'dark-ambient': none, drone: none },
    breakbeat: none,
    downtempo: { 'trip-hop': none, 'lo-fi': none },
    'drum-and-bass': { jungle: none },
    dubstep: none,
    edm: { 'future-bass': none, 'big-room': none },
    electro: none,
    house: {
      'acid-house': none,
      'deep-house': none,
      'french-house': none,
      'progressive-house': none,
      'tech-house': none,
      'tropical-house': none,
    },
    idm: none,
    synthwave: none,
    techno: { 'detroit-techno': none, 'minimal-techno': none },
    trance: { psytrance: none },
  },
  folk: {
    chanson: none,
    celtic: none,
    fado: none,
    flamenco: none,
    'indie-folk': none,
    'singer-songwriter': none,
  },
  'hip-hop': {
    'alternative-hip-hop': none,
    'boom-bap': none,
    drill: none,
    'gangsta-rap': none,
    grime: none,
    trap: none,
  },
  jazz: {
    bebop: none,
    'bossa-nova': none,
    'cool-jazz': none,
    'free-jazz': none,
    'jazz-fusion': none,
    'smooth-jazz': none,
    swing: none,
  },
  latin: { bachata: none, cumbia: none, merengue: none, reggaeton: none, salsa: none, samba: none },
  pop: {
    'art-pop': none,
    'city-pop': none,
    'dance-pop': none,
    'dream-pop': none,
    europop: none,
    'indie-pop': none,
    'j-pop': none,
    'k-pop': none,
    'latin-pop': none,
    'synth-pop': none,
    'teen-pop': none,
  },
  'r-and-b': { funk: { disco: none }, gospel: none, 'neo-soul': none, soul: { motown: none } },
  reggae: { dancehall: none, dub: none, ska: none },
  rock: {
    'alternative-rock': { grunge: none, shoegaze: none },
    'classic-rock': none,
    'folk-rock': none,
    'hard-rock': none,
    'indie-rock': { 'math-rock': none },
    metal: {
      'black-metal': none,
      'death-metal': none,
      'doom-metal': none,
      'heavy-metal': none,
      metalcore: none,
      'progressive-metal': none,
      'thrash-metal': none,
    },
    'post-rock': none,
    'progressive-rock': none,
    'psychedelic-rock': none,
    punk: { emo: none, hardcore: none, 'pop-punk': none, 'post-punk': none },
  },
};

const parents = new Map(parentsIn(taxonomy));

/** The slugs of all genres of which a wider or a narrower one is known. */
export const taxonomySlugs: readonly string[] = [...parents.keys()];

/** The wider genres of one, the nearest first; none of one that is unknown, or as wide as any. */
export function widerGenres(slug: string): readonly string[] {
  const wider: string[] = [];
  for (let parent = parents.get(slug); parent; parent = parents.get(parent)) wider.push(parent);
  return wider;
}

function* parentsIn(branches: Branches, parent: string | null = null): Generator<[string, string | null]> {
  for (const [slug, narrower] of Object.entries(branches)) {
    yield [slug, parent];
    yield* parentsIn(narrower, slug);
  }
}
