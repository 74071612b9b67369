export { GroupActiveError, LogUnavailableError, RecordTooLargeError, UnknownTopicError } from './errors.ts';
export {
  type Appended,
  type BatchHandler,
  type EventLog,
  type EventLogAdmin,
  type GroupPosition,
  type LogRecord,
  maxRecordBytes,
  type PartitionOffsets,
  type StoredRecord,
  type SubscribeOptions,
  type Subscription,
  type TailOptions,
  type TopicDefinition,
} from './event-log.ts';
export { createOfferedEvents, type OfferedEvents, type OfferedEventsOptions } from './offered-events.ts';
export { publishEvents, publishTombstones, toRecords } from './publish.ts';
