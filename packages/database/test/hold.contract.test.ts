import { openEmptyPglite } from '@medley/testing/empty-pglite';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { openEmbedded, openPostgres, type TryHold } from '../src/index.ts';

const url = process.env.TEST_POSTGRES_URL;
if (!url) console.warn('skipped: holds on PostgreSQL, because TEST_POSTGRES_URL names none');

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Two that share a database. */
const openers: [string, () => Promise<[TryHold, TryHold]>][] = [
  [
    'PGlite',
    async () => {
      const pglite = await openEmptyPglite();
      closing.push(() => pglite.close());
      return [openEmbedded(pglite).tryHold, openEmbedded(pglite).tryHold];
    },
  ],
];
if (url) {
  openers.push([
    'PostgreSQL',
    async () => {
      const databases = [openPostgres({ url }), openPostgres({ url })] as const;
      closing.push(...databases.map((database) => database.close));
      return [databases[0].tryHold, databases[1].tryHold];
    },
  ]);
}

describe.each(openers)('a hold on %s', (_server, open) => {
  const newName = () => `test ${crypto.randomUUID()}`;

  it('is one at a time, and goes to whoever asks after its release', async () => {
    const [one, other] = await open();
    const name = newName();
    const hold = await one(name);
    expect(hold?.lost.aborted).toBe(false);
    expect(await other(name)).toBeNull();
    expect(await one(name)).toBeNull();
    await hold?.release();
    const next = await other(name);
    expect(next).not.toBeNull();
    // Releasing what is over releases nobody else's.
    await hold?.release();
    expect(await one(name)).toBeNull();
    await next?.release();
  });

  it('leaves other names alone', async () => {
    const [one, other] = await open();
    const holds = [await one(newName()), await other(newName())];
    expect(holds).not.toContain(null);
    for (const hold of holds) await hold?.release();
  });
});

describe.skipIf(!url)('a hold on PostgreSQL', () => {
  it('is lost with its connection, and tells so', async () => {
    const database = openPostgres({ url: url as string });
    closing.push(database.close);
    const name = `test ${crypto.randomUUID()}`;
    const hold = await database.tryHold(name);
    const lost = new Promise((resolve) => hold?.lost.addEventListener('abort', resolve));
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks, hashtextextended($1, 0) AS key
      WHERE locktype = 'advisory' AND classid = ((key >> 32) & 4294967295)::oid AND objid = (key & 4294967295)::oid`,
      [`hold ${name}`],
    );
    await client.end();
    await lost;
    const again = await database.tryHold(name);
    expect(again).not.toBeNull();
    await again?.release();
  });

  it('ends with the database that it came from', async () => {
    const name = `test ${crypto.randomUUID()}`;
    const first = openPostgres({ url: url as string });
    await first.tryHold(name);
    await first.close();
    const second = openPostgres({ url: url as string });
    closing.push(second.close);
    await expect.poll(async () => (await second.tryHold(name)) !== null).toBe(true);
  });

  it('says that the server does not answer', async () => {
    const away = new URL(url as string);
    away.port = '1';
    const database = openPostgres({ url: away.href });
    closing.push(database.close);
    await expect(database.tryHold('anything')).rejects.toThrow('ECONNREFUSED');
  });
});
