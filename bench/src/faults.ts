import { parseArgs } from 'node:util';
import { startTestKafka } from '@medley/testing/kafka';
import { runFaults } from './faults/run-faults.ts';

/**
 * npm run bench:faults -- --kills 100: kills the broker, reporters, relays and consumers at random under load, and counts what was
 * lost or had its effect twice. Needs KAFKA_JARS and TEST_POSTGRES_URL: see bench/README.md. Exit status 1 when anything was.
 */
const { kills } = parseArgs({ options: { kills: { type: 'string', default: '100' } } }).values;
const { TEST_POSTGRES_URL: postgresUrl } = process.env;
const kafka = await startTestKafka();
if (!kafka || !postgresUrl) {
  console.error('bench:faults needs KAFKA_JARS, a folder with the jars of Kafka, and TEST_POSTGRES_URL');
  process.exit(2);
}
const startedAt = performance.now();
try {
  const report = await runFaults({
    kafka,
    postgresUrl,
    kills: Number(kills),
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
  console.log(JSON.stringify(report, null, 2));
  console.log(`in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  const { lost, double, untold, toldTwice } = report;
  if (lost + double + untold + toldTwice > 0) process.exitCode = 1;
} finally {
  await kafka.stop();
}
