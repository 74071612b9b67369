import { type AudioFeatures, featureRanges, toAudioFeatures } from '../domain/audio-features.ts';
import { createRandom, type Random } from './random.ts';

/** How something sounds on the whole: the features in their order. */
export type Sound = readonly [
  tempoBpm: number,
  energy: number,
  valence: number,
  danceability: number,
  acousticness: number,
  instrumentalness: number,
];

const sounds: Readonly<Record<string, Sound>> = {
  afrobeat: [112, 0.74, 0.76, 0.74, 0.25, 0.2],
  ambient: [84, 0.15, 0.2, 0.26, 0.74, 0.9],
  blues: [104, 0.48, 0.52, 0.52, 0.5, 0.08],
  'bossa-nova': [118, 0.32, 0.62, 0.62, 0.78, 0.12],
  chanson: [108, 0.36, 0.44, 0.48, 0.76, 0.03],
  'city-pop': [116, 0.68, 0.76, 0.7, 0.22, 0.05],
  classical: [96, 0.18, 0.24, 0.27, 0.95, 0.88],
  country: [122, 0.6, 0.6, 0.57, 0.36, 0.02],
  'deep-house': [122, 0.66, 0.5, 0.81, 0.1, 0.58],
  electronic: [120, 0.68, 0.42, 0.66, 0.14, 0.58],
  fado: [98, 0.26, 0.28, 0.42, 0.9, 0.04],
  'film-music': [92, 0.34, 0.16, 0.24, 0.78, 0.88],
  flamenco: [122, 0.5, 0.54, 0.5, 0.84, 0.12],
  folk: [114, 0.36, 0.44, 0.48, 0.78, 0.08],
  funk: [108, 0.72, 0.84, 0.77, 0.18, 0.14],
  'hip-hop': [94, 0.64, 0.48, 0.78, 0.16, 0.03],
  'indie-pop': [120, 0.6, 0.58, 0.6, 0.28, 0.06],
  'indie-rock': [126, 0.72, 0.48, 0.5, 0.12, 0.1],
  jazz: [118, 0.36, 0.5, 0.52, 0.76, 0.6],
  'k-pop': [124, 0.79, 0.68, 0.7, 0.12, 0.01],
  'latin-pop': [104, 0.7, 0.7, 0.74, 0.24, 0.01],
  metal: [138, 0.92, 0.28, 0.36, 0.02, 0.26],
  pop: [118, 0.66, 0.58, 0.66, 0.2, 0.01],
  'r-and-b': [100, 0.52, 0.5, 0.68, 0.3, 0.02],
  reggae: [84, 0.56, 0.78, 0.76, 0.2, 0.06],
  rock: [128, 0.76, 0.54, 0.5, 0.12, 0.08],
  'singer-songwriter': [112, 0.34, 0.4, 0.5, 0.78, 0.03],
  soul: [104, 0.54, 0.64, 0.6, 0.42, 0.03],
  synthwave: [108, 0.7, 0.44, 0.62, 0.05, 0.74],
  techno: [131, 0.82, 0.3, 0.76, 0.03, 0.84],
};

/** How far the artists of a genre lie apart, and the recordings of an artist: about half as far. */
const spread: Sound = [13, 0.11, 0.13, 0.08, 0.14, 0.1];

/** How an artist sounds: what is usual in the genres, the first of them above all, and something of one's own. */
export function artistSound(number: number, genres: readonly { readonly slug: string }[]): Sound {
  const random = createRandom(`sound of artist ${number}`);
  const weights = genres.map((_, at) => (at === 0 ? 1 : 0.35));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return spread.map((deviation, feature) => {
    const usual = genres.reduce(
      (sum, { slug }, at) => sum + usualIn(slug, feature) * (weights[at] as number),
      0,
    );
    return usual / total + deviation * normal(random);
  }) as unknown as Sound;
}

/**
 * What is measured of a recording: near to how its artist sounds. Of a few nothing was.
 * @param key names the recording: the same on every release
 */
export function measureRecording(sound: Sound, key: string): AudioFeatures | null {
  const random = createRandom(`sound of recording ${key}`);
  if (random.chance(0.02)) return null;
  const names = Object.keys(featureRanges) as (keyof AudioFeatures)[];
  const measured = names.map((name, feature) => {
    const [from, to] = featureRanges[name];
    const value = (sound[feature] as number) + 0.55 * (spread[feature] as number) * normal(random);
    return [name, Math.min(to, Math.max(from, value))];
  });
  return toAudioFeatures(Object.fromEntries(measured) as unknown as AudioFeatures);
}

function usualIn(genre: string, feature: number): number {
  const usual = sounds[genre]?.[feature];
  if (usual === undefined) throw new RangeError(`nobody wrote down how ${genre} sounds`);
  return usual;
}

// The sum of four even ones has a bell near enough; its deviation is 1.
const normal = (random: Random) =>
  (random.next() + random.next() + random.next() + random.next() - 2) * Math.sqrt(3);
