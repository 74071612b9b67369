import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type EventLog, startConsumer } from '@medley/event-log';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { allTopics, playEvents } from '@medley/events';
import { createLogger, createMetrics } from '@medley/service';
import { startTestKafka } from '@medley/testing/kafka';
import { createBareProducer } from './events/bare-producer.ts';
import { openReporting, type Reporting } from './events/reporting.ts';

/**
 * npm run bench:events: reported plays a second and CPU time a play, through GraphQL into the event log, beside a bare kafkajs producer
 * of the same records in the same batches; then how long a play takes from its report to a consumer. On a Kafka of its own where
 * KAFKA_JARS has the jars, and on the embedded log, which has no peer.
 */
const [logger, metrics] = [createLogger('bench', 'error'), createMetrics()];
const playsPerReport = 100;
const inFlight = 16;
const secondsPerRound = 5;
const rounds = 3;

const kafka = await startTestKafka();
if (kafka) {
  const log = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'bench', logger, metrics });
  try {
    await log.admin.ensureTopics(allTopics);
    const bare = await createBareProducer(kafka.brokers);
    const reporting = await openReporting(log);
    const ours: Round[] = [];
    const theirs: Round[] = [];
    // In turns, so that the machine's mood hits both.
    for (let round = 0; round < rounds; round++) {
      ours.push(await load(() => reporting.report(playsPerReport)));
      theirs.push(await load(() => bare.send(playsPerReport)));
    }
    const [our, their] = [best(ours), best(theirs)];
    print('Kafka, reported plays', our);
    print('Kafka, bare kafkajs producer', their);
    console.log(`CPU of a play, beside the bare producer: ${(our.cpuMicros / their.cpuMicros).toFixed(1)}`);
    await bare.close();
    console.log(`report to consumer on Kafka: ${await measureLag(log, reporting)}`);
    await reporting.close();
  } finally {
    await log.close();
    await kafka.stop();
  }
} else console.log('no KAFKA_JARS: Kafka is left out');

const folder = await mkdtemp(join(tmpdir(), 'medley-bench-'));
const embedded = await openEmbeddedEventLog({ folder, logger });
try {
  await embedded.admin.ensureTopics(allTopics);
  const reporting = await openReporting(embedded);
  print('embedded log, reported plays', await load(() => reporting.report(playsPerReport)));
  console.log(`report to consumer on the embedded log: ${await measureLag(embedded, reporting)}`);
  await reporting.close();
} finally {
  await embedded.close();
  await rm(folder, { recursive: true });
}

interface Round {
  readonly playsPerSecond: number;
  /** Of this process, for one play. */
  readonly cpuMicros: number;
}

/** One round of requests, `inFlight` at a time. */
async function load(request: () => Promise<void>): Promise<Round> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  const endsAt = startedAt + secondsPerRound * 1_000;
  let plays = 0;
  const client = async () => {
    while (performance.now() < endsAt) {
      await request();
      plays += playsPerReport;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, client));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { playsPerSecond: plays / seconds, cpuMicros: (user + system) / plays };
}

/** The round that others on the machine disturbed least. */
function best(all: readonly Round[]): Round {
  return all.reduce((a, b) => (b.cpuMicros < a.cpuMicros ? b : a));
}

function print(name: string, { playsPerSecond, cpuMicros }: Round) {
  const perCore = Math.round(1_000_000 / cpuMicros).toLocaleString('en');
  console.log(
    `${name}: ${Math.round(playsPerSecond).toLocaleString('en')} a second, ${perCore} a second and core, ${cpuMicros.toFixed(1)} µs CPU each`,
  );
}

/** A hundred reports of 10 plays a second, for ten seconds, while somebody consumes. */
async function measureLag(log: EventLog, reporting: Reporting): Promise<string> {
  const lags: number[] = [];
  const consumer = startConsumer({
    log,
    group: 'bench.lag',
    topics: [playEvents],
    from: 'end',
    async handle(consumed) {
      const now = Date.now();
      for (const { event } of consumed) lags.push(now - Date.parse(event.data.reportedAt));
    },
    logger,
    metrics,
    onCrash(error) {
      throw error;
    },
  });
  // Until it has its partitions, what is reported waits for that.
  while (lags.length === 0) {
    await reporting.report(1);
    await setTimeout(500);
  }
  lags.length = 0;
  const reports: Promise<void>[] = [];
  for (let count = 0; count < 1_000; count++) {
    reports.push(reporting.report(10));
    await setTimeout(10);
  }
  await Promise.all(reports);
  while (lags.length < 10_000) await setTimeout(20);
  await consumer.stop();
  lags.sort((a, b) => a - b);
  const at = (share: number) => lags[Math.floor(lags.length * share)];
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${lags.length.toLocaleString('en')} plays`;
}
