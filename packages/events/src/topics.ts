import type { TopicContract } from './define.ts';
import { playbackDecisions, playbackState, playEvents } from './play-events.ts';
import { catalogChanged, libraryChanged, playlistsChanged, usersChanged } from './state-changes.ts';

/** Every topic. */
export const topics: readonly TopicContract[] = [
  playEvents,
  playbackDecisions,
  playbackState,
  catalogChanged,
  usersChanged,
  playlistsChanged,
  libraryChanged,
];
