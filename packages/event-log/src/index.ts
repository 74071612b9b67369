export { type EventLogConfig, eventLogConfig } from './config.ts';
export type { Backoff } from './consumer/backoff.ts';
export type { Consumed, ConsumerContext, Forget, Handle, ToldBy } from './consumer/consumed.ts';
export { type Consumer, type ConsumerOptions, startConsumer } from './consumer/consumer.ts';
export type { DeadLetter, DeadLetterCause } from './consumer/dead-letter.ts';
export { isTransientError } from './consumer/transient.ts';
export { type DeadLetterList, type ListedDeadLetter, listDeadLetters } from './dead-letters/list.ts';
export { type ResendProgress, resendDeadLetters } from './dead-letters/resend.ts';
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
export { type ChangesHeard, hearChanges } from './hear-changes.ts';
export { startMakingTopics } from './make-topics.ts';
export { createOfferedEvents, type OfferedEvents, type OfferedEventsOptions } from './offered-events.ts';
export { type OpenEventLogOptions, openEventLog } from './open-event-log.ts';
export { pause } from './pause.ts';
export { publishEvents, toRecords } from './publish.ts';
export { followGroup, type ReplayedPartition, type ReplayFrom, replay } from './replay.ts';
