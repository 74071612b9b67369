import { type Mood, moods } from '@medley/moods';

export { type Mood, moodsOf } from '@medley/moods';

/** All moods, by name. */
export const moodsByName: readonly Mood[] = moods.toSorted((one, other) => (one.name < other.name ? -1 : 1));
