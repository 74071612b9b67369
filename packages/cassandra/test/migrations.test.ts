import { describe, expect, it } from 'vitest';
import { ownersOfKeyspaces } from '../src/index.ts';
import { readMigrations } from '../src/migrations.ts';

describe('migrations in Cassandra', () => {
  // Reading checks that each is numbered, and that each of its statements may be made again.
  it.each(ownersOfKeyspaces)('of %s are as they have to be', async (owner) => {
    const names = (await readMigrations(owner)).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(names).toEqual(names.toSorted());
  });

  it('of who has none are an error', async () => {
    await expect(readMigrations('nobody')).rejects.toThrow('no folder subgraphs/nobody/cassandra');
  });
});
