import { CassandraUnavailableError, createCassandra, migrate } from '@medley/cassandra';
import { createMetrics } from '@medley/service';
import { openTestCassandra, type TestCassandra } from '@medley/testing/cassandra';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const { TEST_CASSANDRA_CONTACT_POINTS } = process.env;
if (!TEST_CASSANDRA_CONTACT_POINTS) {
  console.info('Cassandra is left out, as TEST_CASSANDRA_CONTACT_POINTS is not set.');
}

const songs = {
  name: 'tests/0001_songs',
  cql: `-- A semicolon; in a comment.
    CREATE TABLE IF NOT EXISTS songs (
      id uuid, place int, heard_at timestamp, count bigint, tags list<text>, note text,
      PRIMARY KEY (id, place)
    ) WITH comment = 'a; string';
    CREATE TABLE IF NOT EXISTS names (name text PRIMARY KEY, owner text);`,
};
const id = '11111111-1111-4111-8111-111111111111';
const insert = 'INSERT INTO songs (id, place, heard_at, count, tags, note) VALUES (?, ?, ?, ?, ?, ?)';

describe.skipIf(!TEST_CASSANDRA_CONTACT_POINTS)('Cassandra', () => {
  let test: TestCassandra;
  beforeAll(async () => {
    test = (await openTestCassandra([songs])) as TestCassandra;
  }, 60_000);
  afterAll(() => test?.close(), 60_000);

  it('gives back what was written', async () => {
    const at = new Date('2026-11-23T18:00:00.123Z');
    await test.cassandra.write(insert, [id, 1, at, 9_007_199_254_740_993n, ['a', 'b'], undefined]);
    const rows = await test.cassandra.select('SELECT * FROM songs WHERE id = ?', [id]);
    const song = { id, place: 1, heard_at: at, count: 9_007_199_254_740_993n, tags: ['a', 'b'], note: null };
    expect(rows).toEqual([song]);
  });

  it('reads page by page', async () => {
    const other = '22222222-2222-4222-8222-222222222222';
    const places = Array.from({ length: 250 }, (_, place) => place);
    const cql = 'INSERT INTO songs (id, place) VALUES (?, ?)';
    await test.cassandra.writeAll(places.map((place) => ({ cql, parameters: [other, place] })));
    const pages = test.cassandra.pages<{ place: number }>(
      'SELECT place FROM songs WHERE id = ?',
      [other],
      100,
    );
    const read: number[][] = [];
    for await (const page of pages) read.push(page.map((row) => row.place));
    expect(read.map((page) => page.length)).toEqual([100, 100, 50]);
    expect(read.flat()).toEqual(places);
    expect(await test.cassandra.select('SELECT place FROM songs WHERE id = ?', [other])).toHaveLength(250);
  });

  it('writes together', async () => {
    const other = '33333333-3333-4333-8333-333333333333';
    const good = { cql: 'INSERT INTO songs (id, place) VALUES (?, ?)', parameters: [other, 1] };
    const bad = { cql: 'INSERT INTO songs (id, place) VALUES (?, ?)', parameters: [other, 'no number'] };
    await expect(test.cassandra.writeTogether([good, bad])).rejects.toThrow();
    expect(await test.cassandra.select('SELECT place FROM songs WHERE id = ?', [other])).toEqual([]);
    await test.cassandra.writeTogether([good, { ...good, parameters: [other, 2] }]);
    expect(await test.cassandra.select('SELECT place FROM songs WHERE id = ?', [other])).toHaveLength(2);
  });

  it('writes on a condition, and tells what is in the way', async () => {
    const cql = 'INSERT INTO names (name, owner) VALUES (?, ?) IF NOT EXISTS';
    expect(await test.cassandra.writeIf(cql, ['n', 'first'])).toBeNull();
    expect(await test.cassandra.writeIf(cql, ['n', 'second'])).toEqual({ name: 'n', owner: 'first' });
  });

  it('tells a wrong statement from a cluster that is away', async () => {
    await expect(test.cassandra.write('INSERT INTO nowhere (a) VALUES (1)')).rejects.toThrow(/nowhere/);
    const metrics = createMetrics();
    const connection = { ...test.connection, contactPoints: ['127.0.0.1:1'] };
    const away = createCassandra({ connection, metrics });
    await expect(away.ping()).rejects.toMatchObject({
      name: 'CassandraUnavailableError',
      reason: 'unreachable',
    });
    expect(await metrics.registry.metrics()).toContain('operation="ping",outcome="unreachable"} 1');
    await away.close();
    await expect(away.ping()).rejects.toBeInstanceOf(CassandraUnavailableError);
  });

  it('applies each migration once, also when several processes begin at once', async () => {
    const { connection } = test;
    const more = { name: 'tests/0002_more', cql: 'CREATE TABLE IF NOT EXISTS more (a int PRIMARY KEY)' };
    const options = { connection, replication: { datacenter1: 1 } };
    const applied = await Promise.all([1, 2, 3].map(() => migrate(options, [songs, more])));
    expect(applied.flat()).toEqual(['tests/0002_more']);
    expect(await migrate(options, [songs, more])).toEqual([]);
  }, 60_000);

  it('refuses a migration that has changed since it was applied', async () => {
    const options = { connection: test.connection, replication: { datacenter1: 1 } };
    await expect(migrate(options, [{ ...songs, cql: `${songs.cql} --` }])).rejects.toThrow(
      /0001_songs has changed/,
    );
  }, 60_000);
});
