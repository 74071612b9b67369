import { type EventLog, type LogRecord, maxRecordBytes, UnknownTopicError } from '@medley/event-log';
import {
  type Event,
  encodeEvent,
  InvalidEventError,
  type TopicContract,
  withItsLetters,
} from '@medley/events';

/** What is told of one key. */
export interface StateMessage<Told extends Event = Event> {
  readonly event: Told;
  /** It is the last of its key: a tombstone follows, and some time later the topic knows nothing of it. */
  readonly isLast?: boolean;
}

/** Sends messages in the order given. It resolves when the log has them. */
export type PublishStates<Told extends Event = Event> = (
  messages: readonly StateMessage<Told>[],
) => Promise<void>;

export interface TopicPublisherOptions<Told extends Event> {
  readonly log: Pick<EventLog, 'append' | 'admin'>;
  /** A compacted one. */
  readonly topic: TopicContract<Told>;
  /**
   * Told of a message that the log will never take, because it is too large or not as the contract says: a bug. It is left out, as
   * waiting would keep back all that comes after it.
   */
  readonly onRefused: (refused: { key: string; eventId: string; reason: string }) => void;
}

export function createTopicPublisher<Told extends Event>({
  log,
  topic,
  onRefused,
}: TopicPublisherOptions<Told>): PublishStates<Told> {
  let isTopicThere = false;
  const toRecords = ({ event, isLast }: StateMessage<Told>): LogRecord[] => {
    const { key, id: eventId } = event;
    try {
      const value = encodeEvent(topic, event);
      const bytes = value.length + Buffer.byteLength(key);
      if (bytes <= maxRecordBytes) return [{ key, value }, ...(isLast ? [{ key, value: null }] : [])];
      onRefused({ key, eventId, reason: `a record has at most ${maxRecordBytes} bytes, it has ${bytes}` });
    } catch (error) {
      if (!(error instanceof InvalidEventError)) throw error;
      onRefused({ key, eventId, reason: error.message });
    }
    return [];
  };
  return async (messages) => {
    if (!isTopicThere) await log.admin.ensureTopics(withItsLetters(topic));
    isTopicThere = true;
    const records = messages.flatMap(toRecords);
    if (records.length === 0) return;
    try {
      await log.append(topic.name, records);
    } catch (error) {
      // Of a cluster that was made anew: the next try makes the topic.
      if (error instanceof UnknownTopicError) isTopicThere = false;
      throw error;
    }
  };
}
