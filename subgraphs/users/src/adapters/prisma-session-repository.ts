import { maxSessions, type NewSession, type SessionRepository } from '../domain/session.ts';
import { inTransaction, type PrismaClient } from './prisma-client.ts';

/** Sessions in PostgreSQL, or in what speaks like it. */
export function createPrismaSessionRepository(client: PrismaClient): SessionRepository {
  return {
    start: (session, passwordHash) =>
      inTransaction(client, async (tx) => {
        const { accountId, now } = session;
        // The lock makes a change of the password, which ends all sessions, come either before or after this.
        const accounts = await tx.$queryRaw<unknown[]>`
          SELECT id FROM users.accounts
          WHERE id = ${accountId}::uuid AND password_hash = ${passwordHash} AND status = 'ACTIVE' FOR UPDATE`;
        if (accounts.length === 0) return null;
        const started = await tx.session.create({ data: toRow(session) });
        await tx.$executeRaw`
          UPDATE users.sessions SET ended_at = ${now}, end_reason = 'DISPLACED'
          WHERE id IN (
            SELECT id FROM users.sessions
            WHERE account_id = ${accountId}::uuid AND ended_at IS NULL AND expires_at > ${now}
              AND id <> ${started.id}::uuid
            ORDER BY last_used_at DESC, id DESC OFFSET ${maxSessions - 1})`;
        const forgottenBefore = new Date(now.getTime() - forgetAfterMs);
        await tx.session.deleteMany({
          where: {
            accountId,
            OR: [{ endedAt: { lt: forgottenBefore } }, { expiresAt: { lt: forgottenBefore } }],
          },
        });
        return started;
      }),

    keep: ({ id, ...session }) =>
      client.session.upsert({
        where: { id },
        create: { id, ...toRow(session) },
        update: { endedAt: null, endReason: null, lastUsedAt: session.now, expiresAt: session.expiresAt },
      }),

    findByIds: (ids) => client.session.findMany({ where: { id: { in: [...ids] } } }),

    findByFamily: (familyHash) =>
      client.session.findUnique({ where: { familyHash: Uint8Array.from(familyHash) } }),

    findAlive: (accountIds, now) =>
      client.session.findMany({
        where: { accountId: { in: [...accountIds] }, endedAt: null, expiresAt: { gt: now } },
        orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
      }),

    async rotate({ id, from, to, successorSalt, now, expiresAt }) {
      const rotated = await client.session.updateMany({
        where: { id, secretHash: Uint8Array.from(from), endedAt: null, expiresAt: { gt: now } },
        data: {
          secretHash: Uint8Array.from(to),
          previousSecretHash: Uint8Array.from(from),
          successorSalt: Uint8Array.from(successorSalt),
          lastUsedAt: now,
          expiresAt,
        },
      });
      return rotated.count === 1;
    },

    async end(id, endReason, now) {
      const ended = await client.session.updateMany({
        where: { id, endedAt: null, expiresAt: { gt: now } },
        data: { endedAt: now, endReason },
      });
      return ended.count === 1;
    },

    async endAll(accountId, endReason, now) {
      const ended = await client.session.updateMany({
        where: { accountId, endedAt: null, expiresAt: { gt: now } },
        data: { endedAt: now, endReason },
      });
      return ended.count;
    },
  };
}

// Dead sessions tell an operator what happened; after so long nobody asks.
const forgetAfterMs = 30 * 86_400_000;

const toRow = ({ accountId, device, familyHash, secretHash, now, expiresAt }: NewSession) => ({
  accountId,
  device,
  familyHash: Uint8Array.from(familyHash),
  secretHash: Uint8Array.from(secretHash),
  createdAt: now,
  lastUsedAt: now,
  expiresAt,
});
