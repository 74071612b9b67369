import { type Event, encodeEvent, type TopicContract } from '@medley/events';
import type { Appended, EventLog, LogRecord } from './event-log.ts';

/**
 * Appends events to their topic, in the order given.
 * @throws InvalidEventError when one is not as the contract says, a bug; then nothing was appended
 * @throws LogUnavailableError when the log did not confirm in time: publish the same events, with their ids, again
 * @throws RecordTooLargeError, UnknownTopicError
 */
export async function publishEvents<Told extends Event>(
  log: Pick<EventLog, 'append'>,
  topic: TopicContract<Told>,
  events: readonly NoInfer<Told>[],
): Promise<readonly Appended[]> {
  if (events.length === 0) return [];
  return log.append(topic.name, toRecords(topic, events));
}

/**
 * The records of events, for who does not append them himself.
 * @throws InvalidEventError when one is not as the contract of the topic says
 */
export const toRecords = <Told extends Event>(
  topic: TopicContract<Told>,
  events: readonly NoInfer<Told>[],
): LogRecord[] => events.map((event) => ({ key: event.key, value: encodeEvent(topic, event) }));
