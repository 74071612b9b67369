export type { AudioFeatures } from './audio-features.ts';
export { type Mood, moodStrengths, moods, moodsOf } from './moods.ts';
