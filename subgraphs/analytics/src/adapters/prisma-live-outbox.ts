import type { CountedBatch, KeptBatch, LiveOutbox } from '../domain/live-outbox.ts';
import type { PrismaClient, Transaction } from './prisma-client.ts';

/** In the transaction that counts it: it is counted and kept, or neither. */
export async function keepUntilTold(tx: Transaction, { id, markets }: CountedBatch): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO analytics.live_outbox (id, markets) VALUES (${id}::uuid, ${JSON.stringify(markets)}::jsonb)`;
}

export const createPrismaLiveOutbox = (client: PrismaClient): LiveOutbox => ({
  // Half of the ten minutes for which every process knows what was told.
  find: (limit) =>
    client.$queryRaw<KeptBatch[]>`
      SELECT id, markets, counted_at < now() - interval '5 minutes' AS "isTooOld"
      FROM analytics.live_outbox WHERE counted_at < now() - interval '5 seconds'
      ORDER BY counted_at LIMIT ${limit}`,
  async delete(ids) {
    // Several processes do it at a time: who met another one's locks would wait for them, in another order.
    await client.$executeRaw`
      DELETE FROM analytics.live_outbox WHERE id IN (
        SELECT id FROM analytics.live_outbox WHERE id = ANY(${ids}::uuid[]) FOR UPDATE SKIP LOCKED)`;
  },
});
