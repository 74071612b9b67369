import type { AccountRepository, PlaybackFacts } from '../domain/account.ts';
import { inTransaction, type PrismaClient } from './prisma-client.ts';
import { appendChange, findChangedAccounts, lockChangesOf, readChanges } from './prisma-outbox.ts';

/** Accounts in PostgreSQL, or in what speaks like it. */
export function createPrismaAccountRepository(client: PrismaClient): AccountRepository {
  return {
    findByIds: (ids) => client.account.findMany({ where: { id: { in: [...ids] } } }),

    findByEmail: (email) => client.account.findUnique({ where: { email } }),

    findPlaybackFacts: (ids) => client.$queryRaw<PlaybackFacts[]>`
      SELECT id, tier::text, country, allows_explicit AS "allowsExplicit", status::text, version
      FROM users.accounts WHERE id = ANY(${ids}::uuid[])`,

    create: ({ scopes = [], ...account }) =>
      inTransaction(client, async (tx) => {
        const [created] = await tx.account.createManyAndReturn({
          data: [{ ...account, scopes: [...scopes] }],
          skipDuplicates: true,
        });
        if (!created) return null;
        await appendChange(tx, created);
        return created;
      }),

    update: (id, changes) =>
      inTransaction(client, async (tx) => {
        await lockChangesOf(tx, id);
        const account = await tx.account.findUnique({ where: { id } });
        if (!account || account.status === 'CLOSED') return null;
        const { displayName = account.displayName, ...facts } = changes;
        const isTold = (Object.keys(facts) as (keyof typeof facts)[]).some(
          (name) => facts[name] !== undefined && facts[name] !== account[name],
        );
        if (!isTold && displayName === account.displayName) return account;
        const updated = await tx.account.update({
          where: { id },
          data: { displayName, ...(isTold && { ...facts, version: { increment: 1 } }) },
        });
        if (isTold) await appendChange(tx, updated);
        return updated;
      }),

    async rehash(id, { from, to }) {
      await client.account.updateMany({ where: { id, passwordHash: from }, data: { passwordHash: to } });
    },

    changePassword: ({ accountId, from, to, keepSessionId, now }) =>
      inTransaction(client, async (tx) => {
        const changed = await tx.account.updateMany({
          where: { id: accountId, passwordHash: from },
          data: { passwordHash: to },
        });
        if (changed.count === 0) return false;
        await tx.session.updateMany({
          where: { accountId, endedAt: null, id: { not: keepSessionId } },
          data: { endedAt: now, endReason: 'PASSWORD_CHANGED' },
        });
        await tx.passwordReset.deleteMany({ where: { accountId } });
        return true;
      }),

    async addReset({ now, ...reset }) {
      const { accountId } = reset;
      await client.passwordReset.deleteMany({ where: { accountId, expiresAt: { lte: now } } });
      await client.passwordReset.create({ data: { ...reset, codeHash: Uint8Array.from(reset.codeHash) } });
    },

    async findByReset(codeHash, now) {
      const reset = await client.passwordReset.findUnique({
        where: { codeHash: Uint8Array.from(codeHash), expiresAt: { gt: now }, account: { status: 'ACTIVE' } },
        include: { account: true },
      });
      return reset?.account ?? null;
    },

    resetPassword: ({ codeHash, passwordHash, now }) =>
      inTransaction(client, async (tx) => {
        const reset = await tx.passwordReset.findUnique({ where: { codeHash: Uint8Array.from(codeHash) } });
        if (!reset) return false;
        const { accountId } = reset;
        // The account first, as everywhere: two that lock in different orders would wait for each other.
        await tx.$queryRaw`SELECT id FROM users.accounts WHERE id = ${accountId}::uuid FOR UPDATE`;
        // Of several that bring the same code only one deletes it.
        const used = await tx.passwordReset.deleteMany({
          where: { codeHash: reset.codeHash, expiresAt: { gt: now } },
        });
        if (used.count === 0) return false;
        const changed = await tx.account.updateMany({
          where: { id: accountId, status: 'ACTIVE' },
          data: { passwordHash },
        });
        if (changed.count === 0) return false;
        await tx.session.updateMany({
          where: { accountId, endedAt: null },
          data: { endedAt: now, endReason: 'PASSWORD_RESET' },
        });
        await tx.passwordReset.deleteMany({ where: { accountId } });
        return true;
      }),

    changesSince: (position, limit) => readChanges(client, position, limit),

    findChanged: (after, limit) => findChangedAccounts(client, after, limit),
  };
}
