import { type Database, migrate, ownersOfRows } from '@medley/database';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, testDatabaseKind } from '../src/database.ts';

describe.each(ownersOfRows)(`the migrations of %s on ${testDatabaseKind}`, (owner) => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase(owner);
  });
  afterAll(() => database.close());

  it('are recorded, so that they are applied once', async () => {
    expect(await migrate(database, owner)).toEqual([]);
  });

  it('made tables in the schema of the subgraph', async () => {
    const connection = await database.adapter.connect();
    const { rows } = await connection.queryRaw({
      sql: `SELECT count(*)::int FROM information_schema.tables WHERE table_schema = '${owner}'`,
      args: [],
      argTypes: [],
    });
    await connection.dispose();
    expect(Number(rows[0]?.[0])).toBeGreaterThan(2);
  });
});
