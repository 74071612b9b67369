export * from './analytics-events.ts';
export { encodeEvent, InvalidEventError, type Parsed, parseEvent } from './codec.ts';
export { createEvent, type Happened } from './create-event.ts';
export {
  defineEvent,
  defineTopic,
  type EventContract,
  type EventOf,
  type TopicContract,
  type TopicSettings,
} from './define.ts';
export * from './edge-access.ts';
export type { Event } from './envelope.ts';
export * from './play-events.ts';
export { decodePlayPosition, encodePlayPosition, type PlayPosition } from './play-position.ts';
export * from './playback-quality.ts';
export * from './recommendation-events.ts';
export * from './state-changes.ts';
export { allTopics, deadLetterTopicOf, retryTopicOf, topics, withItsLetters } from './topics.ts';
