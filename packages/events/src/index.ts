export { encodeEvent, type Parsed, parseEvent } from './codec.ts';
export type { EventContract, EventOf, TopicContract } from './define.ts';
export type { Event } from './envelope.ts';
export * from './play-events.ts';
export * from './state-changes.ts';
export { topics } from './topics.ts';
