export { createFeed, type Feed, type FeedTable, type SqlReader } from './feed.ts';
export {
  appendToOutbox,
  type Change,
  createOutboxFeed,
  lockChangesOf,
  type OutboxChange,
  type SqlWriter,
} from './outbox.ts';
export { beginning, InvalidPositionError, type Position } from './position.ts';
