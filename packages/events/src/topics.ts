import { analyticsCounts, analyticsLive, analyticsPopularity } from './analytics-events.ts';
import { days, type TopicContract, type TopicSettings } from './define.ts';
import { edgeAccess } from './edge-access.ts';
import { playbackDecisions, playbackState, playEvents } from './play-events.ts';
import { playbackQuality } from './playback-quality.ts';
import { recommendationsTopic } from './recommendation-events.ts';
import { catalogChanged, libraryChanged, playlistsChanged, usersChanged } from './state-changes.ts';

/** Every topic that has a contract. */
export const topics: readonly TopicContract[] = [
  playEvents,
  playbackQuality,
  playbackDecisions,
  playbackState,
  catalogChanged,
  usersChanged,
  playlistsChanged,
  libraryChanged,
  edgeAccess,
  analyticsCounts,
  analyticsPopularity,
  analyticsLive,
  recommendationsTopic,
];

/** Where what a consumer could not take goes, of all groups; kept long enough for somebody to mend the consumer. */
export const deadLetterTopicOf = ({ name }: { readonly name: string }): TopicSettings => ({
  name: `${name}.dlq`,
  // One: what lies there is looked at in its order, and it is little.
  partitions: 1,
  retentionMs: days(30),
});

/**
 * Where dead letters are sent again, for the group that had failed on them. Not to the topic itself: an old state would come after
 * newer ones there, and compaction would keep it in their place; and everybody else would get it once more.
 */
export const retryTopicOf = ({ name }: { readonly name: string }): TopicSettings => ({
  name: `${name}.retry`,
  partitions: 1,
  retentionMs: days(7),
});

/** A topic with what belongs to it: consumers need all three. */
export const withItsLetters = (topic: TopicSettings): readonly TopicSettings[] => [
  topic,
  deadLetterTopicOf(topic),
  retryTopicOf(topic),
];

/** Every topic that a log should have. */
export const allTopics: readonly TopicSettings[] = topics.flatMap(withItsLetters);
