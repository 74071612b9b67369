import { days, type TopicContract, type TopicSettings } from './define.ts';
import { playbackDecisions, playbackState, playEvents } from './play-events.ts';
import { catalogChanged, libraryChanged, playlistsChanged, usersChanged } from './state-changes.ts';

/** Every topic that has a contract. */
export const topics: readonly TopicContract[] = [
  playEvents,
  playbackDecisions,
  playbackState,
  catalogChanged,
  usersChanged,
  playlistsChanged,
  libraryChanged,
];

/** Where what a consumer could not take goes, of all groups; long enough for somebody to mend the consumer. */
export const deadLetterTopicOf = ({ name }: { readonly name: string }): TopicSettings => ({
  name: `${name}.dlq`,
  // One: what lies there is looked at in its order, and it is little.
  partitions: 1,
  retentionMs: days(30),
});

/** Every topic that a log should have. */
export const allTopics: readonly TopicSettings[] = [...topics, ...topics.map(deadLetterTopicOf)];
