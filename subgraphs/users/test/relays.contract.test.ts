import type { Database } from '@medley/database';
import { usersChanged } from '@medley/events';
import { encodeId, newUuid } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrismaClient } from '../src/adapters/prisma-client.ts';
import { openRepositories, type Repositories } from '../src/adapters/prisma-repositories.ts';
import { republishUsers, startRelays } from '../src/app.ts';

describe(`what users tells, on ${testDatabaseKind}`, () => {
  let database: Database;
  let rows: Repositories;
  let log: TestEventLog;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    database = await openTestDatabase('users');
    rows = openRepositories(database);
    log = await openTestEventLog();
    const relay = startRelays({ ...rows.relayed, ...parts(), everyMs: 20 });
    closing.push(relay.stop, log.close, rows.close, database.close);
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  const parts = () => ({ log: log.log, logger: silentLogger, metrics: createMetrics() });
  const createAccount = async () => {
    const account = await rows.accounts.create({
      email: `${newUuid()}@example.com`,
      displayName: 'Ada',
      passwordHash: '$argon2id$first',
      country: 'DE',
      scopes: ['analytics:read'],
      createdAt: new Date(),
    });
    if (!account) throw new Error('the email was taken');
    return account.id;
  };
  const toldOf = async (id: string) =>
    (await log.read(usersChanged.name)).filter(({ key }) => key === encodeId('user', id));
  const expectTold = (id: string) =>
    expect.poll(async () => (await toldOf(id)).map(({ event }) => event?.data), { timeout: 20_000 });

  it('are country, tier and status of each account as they change, and nothing else of a person', async () => {
    const id = await createAccount();
    await rows.accounts.update(id, { tier: 'PREMIUM' });
    await rows.accounts.update(id, { displayName: 'Ada L.' });
    await rows.accounts.update(id, { status: 'SUSPENDED', country: 'FR' });
    const state = { id: encodeId('user', id), country: 'DE', tier: 'FREE', status: 'ACTIVE' };
    await expectTold(id).toEqual([
      { ...state, stateVersion: 1 },
      { ...state, tier: 'PREMIUM', stateVersion: 2 },
      { ...state, tier: 'PREMIUM', country: 'FR', status: 'SUSPENDED', stateVersion: 3 },
    ]);
    const envelopes = (await toldOf(id)).map(({ event }) => Object.keys(event ?? {}).sort());
    expect(new Set(envelopes.flat())).toEqual(
      new Set(['data', 'id', 'key', 'source', 'time', 'type', 'version']),
    );
  });

  it('are nothing else of a person, even where a row would say more', async () => {
    const id = encodeId('user', newUuid());
    const state = { id, country: 'DE', tier: 'FREE', status: 'ACTIVE' };
    const client = openPrismaClient(database);
    await client.outbox.create({
      data: { key: id, type: 'UserChanged', version: 1, data: { ...state, email: 'ada@example.com' } },
    });
    await client.$disconnect();
    const told = async () => (await log.read(usersChanged.name)).filter(({ key }) => key === id);
    await expect.poll(told, { timeout: 20_000 }).toHaveLength(1);
    expect((await told())[0]?.event?.data).toEqual({ ...state, stateVersion: 1 });
  });

  it('are all accounts when that is asked for, with the ids of the events that told them first', async () => {
    const ids = [await createAccount(), await createAccount()];
    for (const id of ids) await expectTold(id).toHaveLength(1);
    const { finished } = await republishUsers({ ...rows.relayed, ...parts() }, {});
    expect(finished).toBe(true);
    for (const id of ids) {
      const [first, again] = await toldOf(id);
      expect(again?.event).toEqual({ ...first?.event, time: expect.any(String) });
    }
  });
});
