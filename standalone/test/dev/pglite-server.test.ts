import { once } from 'node:events';
import { connect } from 'node:net';
import { openEmptyPglite } from '@medley/testing/empty-pglite';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { servePglite } from '../../src/dev/pglite-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(options: { maxConnections?: number } = {}) {
  const pglite = await openEmptyPglite();
  closing.push(() => pglite.close());
  const errors: Error[] = [];
  const server = await servePglite(pglite, { onError: (error) => errors.push(error), ...options });
  closing.push(async () => {
    await server.stop();
    expect(errors).toEqual([]);
  });
  const open = async () => {
    const client = new Client({ connectionString: server.url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => {});
    await client.connect();
    closing.push(() => client.end());
    return client;
  };
  return { pglite, server, open };
}

/** What a client does that dies: its socket is gone without a word. */
const kill = (client: Client) => client.connection.stream.destroy();

describe('a PGlite that several clients share', () => {
  it('gives each of four its own rows, two of them in transactions', async () => {
    const { open } = await serve();
    const askings: [sql: string, values: number[], expected: number, inTransaction: boolean][] = [
      ['SELECT $1::int * 10 AS v', [7], 70, true],
      ['SELECT $1::int + $2::int AS v', [20, 22], 42, true],
      ['SELECT $1::int + $2::int + $3::int AS v', [1, 2, 3], 6, false],
      ['SELECT $1::int AS v', [5], 5, false],
    ];
    await Promise.all(
      askings.map(async ([sql, values, expected, inTransaction]) => {
        const client = await open();
        for (let round = 0; round < 25; round += 1) {
          if (inTransaction) await client.query('BEGIN');
          for (let time = 0; time < 2; time += 1) {
            expect((await client.query(sql, values)).rows).toEqual([{ v: expected }]);
          }
          if (inTransaction) await client.query('COMMIT');
        }
      }),
    );
  });

  it('lets nobody into the transaction of another, and greets who comes meanwhile', async () => {
    const { open } = await serve();
    const one = await open();
    await one.query('CREATE TABLE note (text text)');
    await one.query('BEGIN');
    await one.query('INSERT INTO note VALUES ($1)', ['one']);
    const other = await open();
    const writing = other.query('INSERT INTO note VALUES ($1)', ['other']);
    await one.query('ROLLBACK');
    await writing;
    expect((await one.query('SELECT text FROM note')).rows).toEqual([{ text: 'other' }]);
  });

  it('stays within a transaction that has failed until its client ends it', async () => {
    const { open } = await serve();
    const [one, other] = [await open(), await open()];
    await one.query('BEGIN');
    await expect(one.query('SELECT 1 / $1::int', [0])).rejects.toThrow('division by zero');
    const asking = other.query('SELECT $1::int AS v', [1]);
    await expect(one.query('SELECT 1')).rejects.toThrow('current transaction is aborted');
    await one.query('ROLLBACK');
    expect((await asking).rows).toEqual([{ v: 1 }]);
  });

  it.each([
    ['within a transaction', async (client: Client) => void (await client.query('SELECT 1'))],
    [
      'within a transaction that has failed',
      (client: Client) =>
        client.query('SELECT 1 / $1::int', [0]).then(
          () => {},
          () => {},
        ),
    ],
    [
      'before the end of a statement that fails',
      async (client: Client) => {
        // No Sync follows, so what comes next would be passed over.
        client.connection.parse({ name: '', text: 'SELECT nothing', types: [] }, true);
        client.connection.flush();
        await once(client.connection, 'errorMessage');
      },
    ],
  ])('rolls back what a client had begun that dies %s', async (_when, lastDeed) => {
    const { open } = await serve();
    const [one, other] = [await open(), await open()];
    await one.query('CREATE TABLE note (text text)');
    await one.query('BEGIN');
    await one.query("INSERT INTO note VALUES ('unfinished')");
    await lastDeed(one);
    const reading = other.query('SELECT text FROM note');
    kill(one);
    expect((await reading).rows).toEqual([]);
  });

  it('rolls back what was begun when it stops', async () => {
    const { open, server, pglite } = await serve();
    const client = await open();
    await client.query('CREATE TABLE note (text text)');
    await client.query('BEGIN');
    await client.query("INSERT INTO note VALUES ('unfinished')");
    await server.stop();
    expect((await pglite.query('SELECT text FROM note')).rows).toEqual([]);
  });

  it('takes messages that come in pieces', async () => {
    const { open } = await serve();
    const client = await open();
    const long = 'x'.repeat(3_000_000);
    expect((await client.query('SELECT $1::text AS v', [long])).rows).toEqual([{ v: long }]);
  });

  it('declines encryption, and ends what is no session', async () => {
    const { server } = await serve();
    const port = Number(new URL(server.url).port);
    const socket = connect(port, '127.0.0.1');
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toBe('N');
    socket.resume();
    // A CancelRequest.
    socket.write(Buffer.from([0, 0, 0, 16, 4, 210, 22, 46, 0, 0, 0, 1, 0, 0, 0, 1]));
    await once(socket, 'close');
  });

  it('closes connections beyond its number', async () => {
    const { open } = await serve({ maxConnections: 1 });
    const client = await open();
    await expect(open()).rejects.toThrow();
    expect((await client.query('SELECT 1 AS v')).rows).toEqual([{ v: 1 }]);
  });
});
