import type { Cassandra } from '@medley/cassandra';
import { createCassandra } from '@medley/cassandra';
import { openTestCassandra, startTestCassandra, type TestCassandraNode } from '@medley/testing/cassandra';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const { CASSANDRA_JARS } = process.env;
if (!CASSANDRA_JARS) console.info('A Cassandra that dies is left out, as CASSANDRA_JARS is not set.');

const table = { name: 'tests/0001_t', cql: 'CREATE TABLE IF NOT EXISTS t (a int PRIMARY KEY)' };

describe.skipIf(!CASSANDRA_JARS)('A Cassandra that goes away', () => {
  let node: TestCassandraNode;
  let cassandra: Cassandra;
  beforeAll(async () => {
    node = (await startTestCassandra()) as TestCassandraNode;
    const test = await openTestCassandra([table], [...node.contactPoints]);
    if (!test) throw new Error('a node was named');
    await test.cassandra.close();
    cassandra = createCassandra({ connection: { ...test.connection, requestTimeoutMs: 500 } });
  }, 120_000);
  afterAll(async () => {
    await cassandra?.close();
    await node?.stop();
  }, 60_000);

  // Half a second is little for one that has just begun, or has just come back, on a machine that is busy.
  const patiently = <Answer>(asked: () => Promise<Answer>) =>
    vi.waitFor(asked, { timeout: 30_000, interval: 50 });
  const count = () => patiently(async () => (await cassandra.select('SELECT a FROM t')).length);
  const write = (a: number) => patiently(() => cassandra.write('INSERT INTO t (a) VALUES (?)', [a]));
  const back = () => patiently(() => cassandra.ping());

  it('is not waited for when it hangs, and used again when it goes on', async () => {
    await write(1);
    node.pause();
    const startedAt = performance.now();
    await expect(cassandra.select('SELECT a FROM t')).rejects.toMatchObject({ reason: 'timeout' });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    node.resume();
    await back();
    expect(await count()).toBe(1);
  }, 60_000);

  it('loses nothing that was acknowledged by kill -9, and is found again', async () => {
    await write(2);
    await node.kill();
    const startedAt = performance.now();
    await expect(cassandra.write('INSERT INTO t (a) VALUES (?)', [3])).rejects.toMatchObject({
      name: 'CassandraUnavailableError',
    });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    await node.start();
    await back();
    expect(await count()).toBe(2);
  }, 120_000);
});
