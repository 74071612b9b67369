import { once } from 'node:events';
import { readConfig } from '@medley/config';
import { type EventLog, eventLogConfig, openEventLog } from '@medley/event-log';
import { edgeAccess } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { readTopic } from '@medley/testing/event-log';
import { startTestKafka, type TestKafka } from '@medley/testing/kafka';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killShippers, startShipperProcess } from './shipper-process.ts';
import { openTestAccessLog, type TestAccessLog } from './test-access-log.ts';
import { createTrafficSink } from './told-traffic.ts';

const jars = process.env.KAFKA_JARS;
if (!jars) console.warn('skipped: the shipper and a Kafka that dies, because KAFKA_JARS is not set');

describe.skipIf(!jars)('the shipper, with Kafka', () => {
  let kafka: TestKafka;
  let log: EventLog;
  let access: TestAccessLog;
  let environment: { KAFKA_BROKERS: string };

  beforeAll(async () => {
    kafka = (await startTestKafka()) as TestKafka;
    environment = { KAFKA_BROKERS: kafka.brokers.join(',') };
    log = openEventLog(readConfig(eventLogConfig, environment), {
      logger: silentLogger,
      metrics: createMetrics(),
      clientId: 'test',
    });
    access = await openTestAccessLog();
  }, 60_000);
  afterAll(async () => {
    killShippers();
    await log?.close();
    await kafka?.stop();
    await access?.close();
  });

  async function told() {
    const sink = createTrafficSink();
    const records = await readTopic(log, edgeAccess.name);
    sink.take(records.map(({ event }) => ({ value: Buffer.from(JSON.stringify(event)) })));
    const { samples: _, ...totals } = sink.totals();
    return totals;
  }
  const settled = () => expect.poll(told, { timeout: 60_000, interval: 500 }).toEqual(access.written);
  const degraded = async (url: string) =>
    ((await (await request(`${url}/readyz`)).body.json()) as { degraded?: string[] }).degraded;

  it('makes its topic, outlives a broker that dies, and is killed meanwhile: each line is told once', async () => {
    await access.requests(1_000);
    const first = await startShipperProcess(access, environment);
    await settled();

    await kafka.kill();
    await access.requests(2_000);
    await expect
      .poll(() => degraded(first.url), { timeout: 60_000, interval: 200 })
      .toEqual(['the event log does not take the traffic']);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await startShipperProcess(access, environment);
    await access.fetch();
    await kafka.start();
    await settled();
    await expect.poll(() => degraded(second.url), { timeout: 10_000 }).toBeUndefined();
  }, 240_000);
});
