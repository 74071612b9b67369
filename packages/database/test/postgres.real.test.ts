import { describe, expect, it } from 'vitest';
import { openPostgres } from '../src/index.ts';

const url = process.env.TEST_POSTGRES_URL;
if (!url) console.warn('skipped: connections to PostgreSQL, because TEST_POSTGRES_URL names none');

describe.skipIf(!url)('a connection to PostgreSQL', () => {
  async function readJit(at: string) {
    const database = openPostgres({ url: at });
    try {
      const connection = await database.adapter.connect();
      const { rows } = await connection.queryRaw({ sql: 'SHOW jit', args: [], argTypes: [] });
      return rows[0]?.[0];
    } finally {
      await database.close();
    }
  }

  it('compiles no statements, unless its URL says otherwise', async () => {
    expect(await readJit(url as string)).toBe('off');
    const told = new URL(url as string);
    told.searchParams.set('options', '-c jit=on');
    expect(await readJit(told.href)).toBe('on');
  });
});
