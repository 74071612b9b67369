import { silentLogger } from '@medley/testing';
import type { Producer, RecordMetadata } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { LogUnavailableError, RecordTooLargeError, UnknownTopicError } from '../src/index.ts';
import { createAppendLane } from '../src/kafka/append-lane.ts';
import type { KafkaLine } from '../src/kafka/kafka-line.ts';
import { createKafkaMetrics } from '../src/kafka/kafka-metrics.ts';
import { type Outgoing, toOutgoing } from '../src/kafka/outgoing.ts';

const record = (key: string, bytes = 1): Outgoing => toOutgoing({ key, value: Buffer.alloc(bytes) }, 0);
const answered = (type: string) => Object.assign(new Error(type), { type });
const keysOf = (records: readonly Outgoing[]) => records.map(({ key }) => String(key));
const tick = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A Kafka that puts a key with a number into the partition of that number's remainder by two, and does as it is told. */
function createFakeKafka() {
  const batches: string[][] = [];
  const stored: string[][] = [[], []];
  let answer = async (_records: readonly Outgoing[]): Promise<void> => {};

  async function send({ messages }: { messages: Outgoing[] }): Promise<RecordMetadata[]> {
    batches.push(keysOf(messages));
    for (const message of messages) message.partition ??= Number(/\d+/.exec(String(message.key))?.[0]) % 2;
    await answer(messages);
    const bases = stored.map(({ length }) => length);
    for (const { key, partition = 0 } of messages) stored[partition]?.push(String(key));
    return bases.map((base, partition) => ({
      topicName: 't',
      partition,
      errorCode: 0,
      baseOffset: String(base),
    }));
  }

  const line: KafkaLine<Producer> = {
    use: (work) => work({ send } as unknown as Producer),
    sever() {},
    close: async () => {},
  };
  return {
    line,
    batches,
    stored,
    does(next: typeof answer) {
      answer = next;
    },
  };
}

function createLane(timeoutMs = 500, checkLeaders = async () => {}) {
  const kafka = createFakeKafka();
  const lane = createAppendLane({
    ...{ topic: 't', line: kafka.line, checkLeaders, timeoutMs, ackTimeoutMs: 100 },
    ...{ logger: silentLogger, metrics: createKafkaMetrics() },
  });
  return { kafka, lane };
}

describe('the way into a topic of Kafka', () => {
  it('sends together what comes at the same moment, and what comes while a batch is under way', async () => {
    const { kafka, lane } = createLane();
    kafka.does(() => tick(20));
    const early = ['k0', 'k1', 'k2'].map((key) => lane.append([record(key)]));
    await tick(5);
    const late = ['k3', 'k4'].map((key) => lane.append([record(key)]));
    await Promise.all([...early, ...late]);
    expect(kafka.batches).toEqual([
      ['k0', 'k1', 'k2'],
      ['k3', 'k4'],
    ]);
  });

  it('sends no more than 500 records and 900 KB at once', async () => {
    const { kafka, lane } = createLane();
    await Promise.all(Array.from({ length: 1_200 }, (_, index) => lane.append([record(`k${index}`)])));
    expect(kafka.batches.map(({ length }) => length)).toEqual([500, 500, 200]);
    await Promise.all([1, 2, 3].map((index) => lane.append([record(`k${index}`, 400_000)])));
    expect(kafka.batches.slice(3)).toEqual([['k1', 'k2'], ['k3']]);
  });

  it('notes where each record lies', async () => {
    const { lane } = createLane();
    const records = ['k1', 'k0', 'k3', 'k2'].map((key) => record(key));
    await lane.append(records);
    await lane.append([record('k5')]);
    expect(records.map(({ partition, offset }) => [partition, offset])).toEqual([
      [1, 0n],
      [0, 0n],
      [1, 1n],
      [0, 1n],
    ]);
  });

  it('sends the same again, but not to partitions that have it', async () => {
    const { kafka, lane } = createLane(2_000);
    let sends = 0;
    kafka.does(async (records) => {
      sends += 1;
      if (sends === 1 || (sends === 3 && records.some(({ partition }) => partition === 1))) {
        throw answered('NOT_ENOUGH_REPLICAS');
      }
    });
    const later = tick(50).then(() => lane.append([record('k4')]));
    await lane.append([record('k0'), record('k1'), record('k2')]);
    await later;
    // All, then each partition by itself, then the one that failed again; what came meanwhile waits, so that order holds.
    expect(kafka.batches).toEqual([['k0', 'k1', 'k2'], ['k0', 'k2'], ['k1'], ['k1'], ['k4']]);
    expect(kafka.stored).toEqual([['k0', 'k2', 'k4'], ['k1']]);
  });

  it('sends nothing before all partitions are led, so that none has it twice', async () => {
    const answers = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION'];
    const { kafka, lane } = createLane(2_000, async () => {
      const next = answers.shift();
      if (next) throw answered(next);
    });
    await Promise.all(['k0', 'k1'].map((key) => lane.append([record(key)])));
    await lane.append([record('k2')]);
    expect(answers).toEqual([]);
    expect(kafka.batches).toEqual([['k0', 'k1'], ['k2']]);
  });

  it('sends nothing any more that it gave up while it asked for leaders', async () => {
    const asked: (() => void)[] = [];
    const { kafka, lane } = createLane(100, () => new Promise((resolve) => asked.push(resolve)));
    await expect(lane.append([record('k0')])).rejects.toThrow('no answer in time');
    for (const answer of asked) answer();
    await tick(0);
    expect(kafka.batches).toEqual([]);
  });

  it('gives up in time, also when there is no answer, and all that waits with it', async () => {
    const { kafka, lane } = createLane(300);
    kafka.does(() => new Promise(() => {}));
    const first = lane.append([record('k0')]);
    const second = tick(100).then(() => lane.append([record('k1')]));
    await expect(first).rejects.toThrow(LogUnavailableError);
    await expect(second).rejects.toThrow(LogUnavailableError);
    // What waited went with the first, and was never tried by itself.
    expect(kafka.batches).toEqual([['k0']]);
  });

  it('then refuses at once, lets one try every half second, and takes all again when that succeeds', async () => {
    const { kafka, lane } = createLane(100);
    kafka.does(async () => {
      throw answered('BROKER_NOT_AVAILABLE');
    });
    await expect(lane.append([record('k0')])).rejects.toThrow('BROKER_NOT_AVAILABLE');
    kafka.does(async () => {});
    const sent = kafka.batches.length;
    await expect(lane.append([record('k1')])).rejects.toThrow('has not confirmed anything since');
    expect(kafka.batches).toHaveLength(sent);
    await tick(550);
    const results = await Promise.allSettled([lane.append([record('k2')]), lane.append([record('k3')])]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await Promise.all([lane.append([record('k4')]), lane.append([record('k5')])]);
  });

  it('tries at once when Kafka was seen to answer', async () => {
    const { kafka, lane } = createLane(100);
    kafka.does(async () => {
      throw answered('BROKER_NOT_AVAILABLE');
    });
    await expect(lane.append([record('k0')])).rejects.toThrow(LogUnavailableError);
    kafka.does(async () => {});
    lane.tryAgain();
    await lane.append([record('k1')]);
  });

  it('gives a topic that was just made a moment, and then says that there is none', async () => {
    const { kafka, lane } = createLane(1_000);
    let isKnown = false;
    kafka.does(async () => {
      if (!isKnown) throw answered('UNKNOWN_TOPIC_OR_PARTITION');
    });
    setTimeout(() => {
      isKnown = true;
    }, 150);
    await lane.append([record('k0')]);

    const other = createLane(600);
    other.kafka.does(async () => {
      throw answered('UNKNOWN_TOPIC_OR_PARTITION');
    });
    await expect(other.lane.append([record('k0')])).rejects.toThrow(UnknownTopicError);
  });

  it('does not believe that a topic is gone which took something before', async () => {
    const { kafka, lane } = createLane(300);
    await lane.append([record('k0')]);
    kafka.does(async () => {
      throw answered('UNKNOWN_TOPIC_OR_PARTITION');
    });
    await expect(lane.append([record('k1')])).rejects.toThrow(LogUnavailableError);
  });

  it('lets one call that is too large for a topic spoil no other', async () => {
    const { kafka, lane } = createLane();
    kafka.does(async (records) => {
      if (records.reduce((sum, { bytes }) => sum + bytes, 0) > 100) throw answered('MESSAGE_TOO_LARGE');
    });
    const calls = [record('k0', 60), record('k1', 200), record('k2', 60)].map((one) => lane.append([one]));
    const results = await Promise.allSettled(calls);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(calls[1]).rejects.toThrow(RecordTooLargeError);
  });
});
