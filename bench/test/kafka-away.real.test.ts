import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { openSpool } from '@medley/event-log/spool';
import { allTopics, playEvents } from '@medley/events';
import { newUuid } from '@medley/ids';
import { createLogger, createMetrics } from '@medley/service';
import { startTestKafka } from '@medley/testing/kafka';
import { afterAll, expect, it } from 'vitest';

// On a Kafka of its own, from the jars in KAFKA_JARS.
const kafka = await startTestKafka();
if (!kafka) console.log('skipped: KAFKA_JARS is not set');
afterAll(() => kafka?.stop());

it.runIf(kafka)(
  'keeps taking plays for a minute without Kafka, in bounded memory, and loses none of them',
  async () => {
    if (!kafka) return;
    const folder = await mkdtemp(join(tmpdir(), 'medley-away-'));
    const [logger, metrics] = [createLogger('away', 'silent'), createMetrics()];
    const log = createKafkaEventLog({ brokers: kafka.brokers, clientId: 'away', logger, metrics });
    const spool = await openSpool({ folder, log, maxBytes: 256 * 2 ** 20, logger, metrics });
    try {
      await log.admin.ensureTopics(allTopics);
      const taken = new Set<string>();
      let slowestMs = 0;
      const report = async () => {
        const ids = Array.from({ length: 20 }, newUuid);
        const beganAt = performance.now();
        const records = ids.map((id) => ({ key: id, value: Buffer.from(id.padEnd(700, '.')) }));
        await spool.append(playEvents.name, records);
        slowestMs = Math.max(slowestMs, performance.now() - beganAt);
        for (const id of ids) taken.add(id);
      };
      await report();
      await kafka.kill();
      const rss: number[] = [];
      for (const endsAt = performance.now() + 60_000; performance.now() < endsAt; ) {
        await report();
        rss.push(process.memoryUsage().rss);
        await setTimeout(20);
      }
      await kafka.start();
      while (spool.look().records > 0) await setTimeout(100);

      const stored = new Set<string>();
      for (const { partition, low, high } of await log.admin.offsets(playEvents.name)) {
        for (let next = low; next < high; ) {
          const records = await log.admin.read(playEvents.name, partition, next, 1_000);
          for (const { key } of records) stored.add(key);
          next = (records.at(-1)?.offset ?? high) + 1n;
        }
      }
      const grownMb = (Math.max(...rss) - (rss[0] ?? 0)) / 2 ** 20;
      console.log(
        `${taken.size} plays, the slowest report ${slowestMs.toFixed(0)} ms, memory grew by ${grownMb.toFixed(0)} MB`,
      );
      expect(taken.size).toBeGreaterThan(5_000);
      expect([...taken].filter((id) => !stored.has(id))).toEqual([]);
      // All that was taken is some 40 MB; what is held in memory does not grow with it.
      expect(grownMb).toBeLessThan(200);
    } finally {
      await spool.stop();
      await log.close();
      await rm(folder, { recursive: true });
    }
  },
  240_000,
);
