import type { Database } from '@medley/database';
import { encodeId, newUuid } from '@medley/ids';
import { openTestDatabase, testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrismaClient } from '../../src/adapters/prisma-client.ts';
import { appendChange } from '../../src/adapters/prisma-outbox.ts';
import { openRepositories, type Repositories } from '../../src/adapters/prisma-repositories.ts';
import type { Account, AccountChange } from '../../src/domain/account.ts';

const at = (seconds: number) => new Date(Date.parse('2026-11-23T08:00:00.000Z') + seconds * 1_000);
const hash = () => crypto.getRandomValues(new Uint8Array(32));

describe(`the rows of users on ${testDatabaseKind}`, () => {
  let database: Database;
  let rows: Repositories;
  beforeAll(async () => {
    database = await openTestDatabase('users');
    rows = openRepositories(database);
  });
  afterAll(async () => {
    await rows.close();
    await database.close();
  });

  async function createAccount(): Promise<Account> {
    const account = await rows.accounts.create({
      email: `${newUuid()}@example.com`,
      displayName: 'Ada',
      passwordHash: '$argon2id$first',
      country: 'DE',
      createdAt: at(0),
    });
    if (!account) throw new Error('the email was taken');
    return account;
  }
  /** All changes, the ones of this version of this account included: what others write on a server holds readers back. */
  async function changesUpTo({ id, version }: Account): Promise<AccountChange[]> {
    let all: AccountChange[] = [];
    const find = async () => {
      all = await rows.accounts.changesSince('0', 1_000);
      return all.map(({ data, version }) => `${data.id} ${version}`);
    };
    await expect.poll(find, { timeout: 20_000 }).toContain(`${encodeId('user', id)} ${version}`);
    return all;
  }
  const newSession = (accountId: string, seconds = 0) => ({
    accountId,
    device: null,
    familyHash: hash(),
    secretHash: hash(),
    now: at(seconds),
    expiresAt: at(seconds + 3_600),
  });
  async function startSession(account: Account, seconds = 0) {
    const session = await rows.sessions.start(newSession(account.id, seconds), account.passwordHash);
    if (!session) throw new Error('the session was refused');
    return session;
  }

  it('let exactly one of many rotate a secret', async () => {
    const session = await startSession(await createAccount());
    const rotations = Array.from({ length: 10 }, () => ({
      id: session.id,
      from: session.secretHash,
      to: hash(),
      successorSalt: hash(),
      now: at(1),
      expiresAt: at(7_200),
    }));
    const won = await Promise.all(rotations.map((rotation) => rows.sessions.rotate(rotation)));
    expect(won.filter(Boolean)).toHaveLength(1);
    const [after] = await rows.sessions.findByIds([session.id]);
    const winner = rotations[won.indexOf(true)];
    expect(after).toMatchObject({ lastUsedAt: at(1), expiresAt: at(7_200) });
    expect([after?.secretHash, after?.previousSecretHash, after?.successorSalt]).toEqual([
      winner?.to,
      session.secretHash,
      winner?.successorSalt,
    ]);
  });

  it('do not rotate a session that has ended', async () => {
    const session = await startSession(await createAccount());
    expect(await rows.sessions.end(session.id, 'SIGNED_OUT', at(1))).toBe(true);
    expect(await rows.sessions.end(session.id, 'TOKEN_REUSED', at(2))).toBe(false);
    const rotation = { id: session.id, from: session.secretHash, to: hash(), successorSalt: hash() };
    expect(await rows.sessions.rotate({ ...rotation, now: at(2), expiresAt: at(3_600) })).toBe(false);
    expect((await rows.sessions.findByIds([session.id]))[0]).toMatchObject({
      endedAt: at(1),
      endReason: 'SIGNED_OUT',
    });
  });

  it('start no session on a password that was changed meanwhile', async () => {
    const account = await createAccount();
    const own = await startSession(account);
    const change = { accountId: account.id, from: account.passwordHash, to: '$argon2id$second' };
    const [changed, ...started] = await Promise.all([
      rows.accounts.changePassword({ ...change, keepSessionId: own.id, now: at(1) }),
      ...Array.from({ length: 6 }, () =>
        rows.sessions.start(newSession(account.id, 1), account.passwordHash),
      ),
    ]);
    expect(changed).toBe(true);
    expect(started).toHaveLength(6);
    // Whoever came before the change was ended by it, whoever came after was refused.
    expect((await rows.sessions.findAlive([account.id], at(2))).map(({ id }) => id)).toEqual([own.id]);
    expect(await rows.accounts.changePassword({ ...change, keepSessionId: own.id, now: at(2) })).toBe(false);
  });

  it('start none for a suspended account, and forget sessions that ended long ago', async () => {
    const account = await createAccount();
    const old = await startSession(account);
    await startSession(account, 31 * 86_400 + 3_600);
    expect(await rows.sessions.findByIds([old.id])).toEqual([]);
    await rows.accounts.update(account.id, { status: 'SUSPENDED' });
    expect(await rows.sessions.start(newSession(account.id), account.passwordHash)).toBeNull();
  });

  it('tell changes of an account in their order, each with the version that the row then has', async () => {
    const [one, other] = [await createAccount(), await createAccount()];
    const since = (await changesUpTo(other)).at(-1)?.position ?? '0';
    const countries = ['AT', 'BE', 'CH', 'DK', 'ES', 'FR', 'GR', 'HU'];
    await Promise.all(
      countries.flatMap((country) => [one, other].map(({ id }) => rows.accounts.update(id, { country }))),
    );
    for (const account of [one, other]) await changesUpTo({ ...account, version: 9 });
    const changes = await rows.accounts.changesSince(since, 1_000);
    expect(changes).toHaveLength(16);
    for (const { id } of [one, other]) {
      const own = changes.filter(({ data }) => data.id === encodeId('user', id));
      expect(own.map(({ version }) => version)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
      const [account] = await rows.accounts.findByIds([id]);
      expect([account?.version, account?.country]).toEqual([9, own.at(-1)?.data.country]);
    }
    expect(await rows.accounts.changesSince(since, 3)).toEqual(changes.slice(0, 3));
    for (const limit of [0, 1.5, 1_001])
      await expect(rows.accounts.changesSince(since, limit)).rejects.toThrow('limit must be 1..1000');
  });

  // PGlite has one connection: its transactions come one after the other.
  if (testDatabaseKind === 'PostgreSQL') {
    it('let two accounts change at once, and readers wait for the one that changed first', async () => {
      const [one, other] = [await createAccount(), await createAccount()];
      const since = (await changesUpTo(other)).at(-1)?.position ?? '0';
      await openPrismaClient(database).$transaction(async (tx) => {
        await appendChange(tx, { ...one, version: 2 });
        await rows.accounts.update(other.id, { country: 'AT' });
        expect(await rows.accounts.changesSince(since, 10)).toEqual([]);
        // Whoever must not be wrong for long is told at once, and again until the order is settled.
        const accountIds = [encodeId('user', other.id)];
        const changed = { position: since, accountIds, hasMore: false, reset: false };
        expect(await rows.accounts.findChanged(since, 10)).toEqual(changed);
        expect(await rows.accounts.findChanged(since, 1)).toEqual({ ...changed, hasMore: true });
      });
      await changesUpTo({ ...other, version: 2 });
      const changes = await rows.accounts.changesSince(since, 10);
      const told = [one, other].map(({ id }) => encodeId('user', id));
      expect(changes.map(({ data }) => data.id)).toEqual(told);
      expect(await rows.accounts.findChanged(since, 10)).toEqual({
        position: changes[1]?.position,
        accountIds: told,
        hasMore: false,
        reset: false,
      });
    });
  }

  it('write no change without its account, and no account without its change', async () => {
    const account = await createAccount();
    const since = (await changesUpTo(account)).at(-1)?.position ?? '0';
    await expect(rows.accounts.update(account.id, { country: 'xx' })).rejects.toThrow();
    const again = { ...account, id: undefined, scopes: [], passwordHash: '$argon2id$other' };
    expect(await rows.accounts.create(again)).toBeNull();
    expect((await rows.accounts.findByIds([account.id]))[0]).toEqual(account);
    const next = await createAccount();
    await changesUpTo(next);
    const [change, ...others] = await rows.accounts.changesSince(since, 10);
    expect([change?.data.id, others]).toEqual([encodeId('user', next.id), []]);
  });

  it('use a reset code once, and not when it has expired', async () => {
    const account = await createAccount();
    const codeHash = hash();
    await rows.accounts.addReset({ codeHash, accountId: account.id, expiresAt: at(60), now: at(0) });
    expect((await rows.accounts.findByReset(codeHash, at(59)))?.id).toBe(account.id);
    expect(await rows.accounts.findByReset(codeHash, at(60))).toBeNull();
    expect(await rows.accounts.resetPassword({ codeHash, passwordHash: '$argon2id$a', now: at(60) })).toBe(
      false,
    );
    const used = await Promise.all(
      Array.from({ length: 4 }, () =>
        rows.accounts.resetPassword({ codeHash, passwordHash: '$argon2id$b', now: at(1) }),
      ),
    );
    expect(used.filter(Boolean)).toHaveLength(1);
  });

  it('rehash a password unless it was changed meanwhile', async () => {
    const account = await createAccount();
    await rows.accounts.rehash(account.id, { from: '$argon2id$stale', to: '$argon2id$x' });
    expect((await rows.accounts.findByIds([account.id]))[0]?.passwordHash).toBe('$argon2id$first');
    await rows.accounts.rehash(account.id, { from: '$argon2id$first', to: '$argon2id$x' });
    expect((await rows.accounts.findByIds([account.id]))[0]?.passwordHash).toBe('$argon2id$x');
  });
});
