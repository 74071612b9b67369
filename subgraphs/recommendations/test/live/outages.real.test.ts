import { randomUUID } from 'node:crypto';
import { createCassandra } from '@medley/cassandra';
import type { EventLog } from '@medley/event-log';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { allTopics, encodePlayPosition } from '@medley/events';
import { connectRedis } from '@medley/redis';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestCassandra, startTestCassandra, type TestCassandraNode } from '@medley/testing/cassandra';
import { withOwnNames } from '@medley/testing/event-log';
import { startTestRedis, type TestRedis } from '@medley/testing/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCassandraUserData } from '../../src/adapters/cassandra-user-data.ts';
import { createRedisTasteProfiles } from '../../src/adapters/redis-taste-profiles.ts';
import type { UserData } from '../../src/domain/user-data.ts';
import { createProfiles } from '../../src/live/profiles.ts';
import type { Live } from '../../src/live/start-live.ts';
import { expectUndisturbed, startProcess, tell, untilTaken } from './followed-plays.ts';
import { manyPlays, played, trackIds, userIds } from './told-plays.ts';

const { TEST_KAFKA_BROKERS, CASSANDRA_JARS } = process.env;
const isReal = TEST_KAFKA_BROKERS && CASSANDRA_JARS;
if (!isReal)
  console.info('Outages of live work are left out: TEST_KAFKA_BROKERS or CASSANDRA_JARS is not set.');

const minutes = 60_000;
const patience = { timeout: minutes, interval: 100 };

describe.runIf(isReal)('on Kafka, Cassandra and Redis', () => {
  let node: TestCassandraNode;
  let redis: TestRedis;
  let kafka: EventLog;
  let log: EventLog;
  let userData: UserData;
  const closing: (() => Promise<void>)[] = [];
  const running: Live[] = [];
  const crashes: Error[] = [];

  beforeAll(async () => {
    const [started, quick] = await Promise.all([startTestCassandra(), startTestRedis()]);
    if (!started || !quick) throw new Error('expected a Cassandra and a Redis to start');
    node = started;
    redis = quick;
    const test = await openTestCassandra('recommendations', [...node.contactPoints]);
    if (!test) throw new Error('a Cassandra was named');
    // As in production: who waits for it waits for two seconds at most.
    const cassandra = createCassandra({ connection: { ...test.connection, requestTimeoutMs: 2_000 } });
    userData = openCassandraUserData(cassandra);
    kafka = createKafkaEventLog({
      brokers: TEST_KAFKA_BROKERS?.split(',') ?? [],
      clientId: 'test',
      logger: silentLogger,
    });
    log = withOwnNames(kafka, `test-${randomUUID()}.`);
    await log.admin.ensureTopics(allTopics);
    closing.push(
      () => cassandra.close(),
      () => test.cassandra.close(),
      () => kafka.close(),
    );
  }, 3 * minutes);
  afterAll(async () => {
    await Promise.all(running.map((live) => live.stop()));
    for (const close of closing) await close();
    await node?.stop();
    await redis?.kill();
  }, minutes);

  function start(): Live {
    const client = connectRedis({ url: redis.url, commandTimeoutMs: 500, onLost() {} });
    closing.unshift(async () => client.disconnect());
    const fastProfiles = createRedisTasteProfiles({ client });
    const live = startProcess({ log, userData, fastProfiles }, crashes);
    running.push(live);
    return live;
  }

  it(
    'histories and profiles are as if nothing had happened after Cassandra and Redis were killed, and a process joined and left',
    async () => {
      const plays = manyPlays(400);
      const first = start();
      await tell(log, plays.slice(0, 100));
      await untilTaken(log);
      const profiles = await first.profiles.find([...userIds]);
      expect(profiles.size).toBe(userIds.length);

      await node.kill();
      // Nobody who plays waits for it: the log takes what is told.
      await tell(log, plays.slice(100, 200));
      const [place] = await tell(log, [played({ userId: userIds[3], trackId: trackIds[9] })]);
      // The quick copies go on answering.
      expect(await first.profiles.find([...userIds])).toEqual(profiles);
      const token = encodePlayPosition(place ?? { partition: 0, offset: 0n });
      const before = performance.now();
      expect(await first.caughtUp.wait(userIds[3] as string, token)).toBe(false);
      expect(performance.now() - before).toBeLessThan(4_000);
      await expect.poll(() => first.playLag.lag().eventLagMs, patience).toBeGreaterThan(1_000);
      const second = start();
      await node.start();
      await untilTaken(log);
      expect(await second.caughtUp.wait(userIds[3] as string, token)).toBe(true);

      await redis.kill();
      await tell(log, plays.slice(200, 300));
      await untilTaken(log);
      await first.stop();
      // It is empty when it is back.
      await redis.start();
      await tell(log, plays.slice(300));
      await untilTaken(log);

      await expectUndisturbed(log, userData);
      // And the quick copies tell no other tale than the durable ones.
      const metrics = createMetrics();
      const client = connectRedis({ url: redis.url, commandTimeoutMs: 5_000, onLost() {} });
      await new Promise((resolve) => client.once('ready', resolve));
      const quick = createProfiles({
        fast: createRedisTasteProfiles({ client }),
        durable: userData.profiles,
        logger: silentLogger,
        metrics,
      });
      expect(await quick.find([...userIds])).toEqual(await userData.profiles.find([...userIds]));
      client.disconnect();
      expect(crashes).toEqual([]);
    },
    4 * minutes,
  );
});
