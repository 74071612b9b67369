import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { type EventLogAdmin, LogUnavailableError, UnknownTopicError } from '../src/index.ts';
import { startGroupConsumer } from '../src/kafka/group-consumer.ts';
import { createKafkaMetrics } from '../src/kafka/kafka-metrics.ts';

/** A group that is to begin at the end, and is told `error` whenever it asks where that is, for ten minutes. */
async function beginWhileThereIs(error: Error) {
  vi.useFakeTimers();
  const positions = vi.fn<EventLogAdmin['positions']>().mockRejectedValue(error);
  const crashes: Error[] = [];
  const starting = startGroupConsumer({
    connection: { brokers: [], clientId: 'test', logger: silentLogger, logSink: () => {} },
    admin: { positions } as unknown as EventLogAdmin,
    metrics: createKafkaMetrics(createMetrics()),
    silentMs: 1_000,
    handlerSilentMs: 1_000,
    group: 'g',
    topics: ['t'],
    from: 'end',
    handle: async () => {},
    onCrash: (crash) => crashes.push(crash),
  });
  await vi.advanceTimersByTimeAsync(600_000);
  await (await starting).stop();
  return { tries: positions.mock.calls.length, crashes };
}
afterEach(() => {
  vi.useRealTimers();
});

it.each([
  ['its topic is not there yet', new UnknownTopicError('t')],
  ['Kafka does not answer', new LogUnavailableError('Kafka did not answer')],
])('a group that begins at the end waits for as long as %s', async (_, error) => {
  const { tries, crashes } = await beginWhileThereIs(error);
  expect(crashes).toEqual([]);
  expect(tries).toBeGreaterThan(100);
});

it('a group that begins at the end is a crash where its rights do not suffice, or nobody knows the error', async () => {
  const denied = Object.assign(new Error('denied'), { type: 'GROUP_AUTHORIZATION_FAILED' });
  const refused = new LogUnavailableError('Kafka did not answer', denied);
  expect(await beginWhileThereIs(refused)).toEqual({ tries: 1, crashes: [refused] });
  const bug = new TypeError('a bug');
  expect(await beginWhileThereIs(bug)).toEqual({ tries: 5, crashes: [bug] });
});
