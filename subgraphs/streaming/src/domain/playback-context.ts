import { type Problem, problemsOfText } from './problem.ts';

/** What a track can be played from. */
export const playbackContextKinds = [
  'ALBUM',
  'ARTIST',
  'PLAYLIST',
  'MIX',
  'RADIO',
  'SEARCH',
  'LIBRARY',
  'QUEUE',
  'OTHER',
] as const;
export type PlaybackContextKind = (typeof playbackContextKinds)[number];

/** What a track is played from, as the player tells it: nobody checks whether it exists. */
export interface PlaybackContext {
  readonly kind: PlaybackContextKind;
  /** At most 64 characters; null where the kind has none. */
  readonly id: string | null;
}

/** @param field where the context stands in its input */
export function problemsOfContext(field: readonly string[], context: PlaybackContext | null): Problem[] {
  return problemsOfText([...field, 'id'], context?.id ?? '', 64);
}
