import type { AudioFeatures } from './audio-features.ts';

/** What music can feel like. */
export interface Mood {
  /** For URLs and programs: `happy`, `late-night`. It stays. */
  readonly slug: string;
  /** For people, in English. */
  readonly name: string;
  readonly description: string;
}

/**
 * What is typical of a mood: around which value of a feature, and how far from it the feature may be to fit half as well. What is not
 * named does not matter.
 */
type Typical = Partial<Record<keyof AudioFeatures, readonly [around: number, spread: number]>>;

/**
 * Valence and energy are the two axes of the circumplex of affect (J. A. Russell, 1980): happy, angry, sad and calm lie in its corners,
 * and the others are told from these by what else is measured. That energy stands for arousal, and where the corners are, is a
 * convention of those who measure music so; nobody was asked.
 */
const typical: readonly (readonly [Mood, Typical])[] = [
  [
    mood('happy', 'Happy', 'Bright and cheerful: it lifts the spirits.'),
    { valence: [0.92, 0.2], energy: [0.7, 0.25] },
  ],
  [
    mood('party', 'Party', 'Cheerful, loud, and made for dancing.'),
    { valence: [0.75, 0.28], energy: [0.88, 0.18], danceability: [0.85, 0.16] },
  ],
  [
    mood('workout', 'Workout', 'Fast and driving, for running and lifting.'),
    { energy: [0.92, 0.14], tempoBpm: [142, 24], valence: [0.55, 0.4] },
  ],
  [
    mood('angry', 'Angry', 'Harsh and intense, with little joy in it.'),
    { valence: [0.15, 0.22], energy: [0.95, 0.16] },
  ],
  [
    mood('dark', 'Dark', 'Tense and brooding, at half speed.'),
    { valence: [0.12, 0.18], energy: [0.55, 0.2], acousticness: [0.1, 0.35] },
  ],
  [
    mood('sad', 'Sad', 'Slow and low-spirited: for a broken heart.'),
    { valence: [0.1, 0.2], energy: [0.22, 0.2], instrumentalness: [0, 0.5] },
  ],
  [
    mood('melancholic', 'Melancholic', 'Wistful: sad, and beautiful for it.'),
    { valence: [0.3, 0.16], energy: [0.38, 0.18], acousticness: [0.6, 0.4] },
  ],
  [
    mood('calm', 'Calm', 'Quiet and content: to come to rest.'),
    { valence: [0.55, 0.28], energy: [0.15, 0.18] },
  ],
  [
    mood('romantic', 'Romantic', 'Warm and tender, for two.'),
    { valence: [0.6, 0.2], energy: [0.38, 0.18], acousticness: [0.6, 0.35], instrumentalness: [0, 0.3] },
  ],
  [
    mood('focus', 'Focus', 'Even, and without words: to work by.'),
    { instrumentalness: [0.95, 0.25], energy: [0.38, 0.24], danceability: [0.5, 0.3] },
  ],
  [
    mood('late-night', 'Late Night', 'Low lights and a steady groove.'),
    { energy: [0.45, 0.18], danceability: [0.72, 0.18], valence: [0.38, 0.2], acousticness: [0.2, 0.4] },
  ],
  [
    mood('epic', 'Epic', 'Grand and sweeping, with hardly a word.'),
    { instrumentalness: [0.9, 0.3], energy: [0.8, 0.2], danceability: [0.3, 0.25] },
  ],
];

/** All moods; their order is that of `moodStrengths`, and new ones come last. */
export const moods: readonly Mood[] = typical.map(([mood]) => mood);

/** How much a track has of each mood, 0 to 1, in the order of `moods`. */
export function moodStrengths(features: AudioFeatures): number[] {
  return typical.map(([, wanted]) => {
    // Halved at one spread: the least fitting feature decides, so that nothing makes up for what is missing.
    let strength = 1;
    for (const [feature, [around, spread]] of Object.entries(wanted)) {
      const off = (features[feature as keyof AudioFeatures] - around) / spread;
      strength = Math.min(strength, 2 ** -(off * off));
    }
    return strength;
  });
}

/** What a track feels like, the most typical first: those it has at least half of, and three at most. Every track has one. */
export function moodsOf(features: AudioFeatures): readonly Mood[] {
  const strengths = moodStrengths(features);
  const ranked = moods
    .map((mood, at) => ({ mood, strength: strengths[at] as number }))
    .sort((one, other) => other.strength - one.strength);
  return ranked
    .filter(({ strength }, rank) => rank === 0 || (rank < 3 && strength >= 0.5))
    .map(({ mood }) => mood);
}

function mood(slug: string, name: string, description: string): Mood {
  return { slug, name, description };
}
