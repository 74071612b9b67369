import { startTestKafka } from '@medley/testing/kafka';
import { afterAll, expect, it } from 'vitest';
import { runFaults } from '../src/faults/run-faults.ts';

// On a Kafka of its own, from the jars in KAFKA_JARS, and on the PostgreSQL of TEST_POSTGRES_URL.
const { TEST_POSTGRES_URL: postgresUrl } = process.env;
const kafka = postgresUrl ? await startTestKafka() : null;
if (!kafka) console.log('skipped: KAFKA_JARS or TEST_POSTGRES_URL is not set');
afterAll(() => kafka?.stop());

it.runIf(kafka)(
  'loses nothing that was acknowledged, and counts nothing twice, while everything is killed at random',
  async () => {
    if (!kafka || !postgresUrl) return;
    const report = await runFaults({ kafka, postgresUrl, kills: 10, onProgress: console.log });
    console.log(JSON.stringify(report));
    expect(report.acknowledged).toBeGreaterThan(1_000);
    expect(report.committed).toBeGreaterThan(100);
    expect(report).toMatchObject({ lost: 0, double: 0, untold: 0, toldTwice: 0 });
  },
  600_000,
);
