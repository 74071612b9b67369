import { fixedMixes, isKept, type MixRepository, mixKeptMs } from '../domain/mixes.ts';
import { type MixRow, toMix, toMixRow } from './mix-row.ts';
import type { PrismaClient } from './prisma-client.ts';
import type { Now } from './user-data-clock.ts';

export const createPrismaMixes = (client: PrismaClient, now: Now): MixRepository => ({
  async save(mixes) {
    const kept = mixes.filter((mix) => isKept(mix, now()));
    const rows = kept.map(toMixRow).map((row) => ({
      ...row,
      made_at: row.made_at.toISOString(),
      fixed_until: row.fixed_until.toISOString(),
      body: JSON.parse(row.body),
    }));
    // In the order of the key, so that two who save the same never wait for each other in a circle.
    await client.$executeRaw`
      INSERT INTO recommendations.mixes
      SELECT (jsonb_populate_record(NULL::recommendations.mixes, mix)).*
      FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) WITH ORDINALITY AS made(mix, place)
      ORDER BY mix ->> 'mix_id', place
      ON CONFLICT (mix_id) DO NOTHING`;
  },

  async findByIds(ids) {
    const rows = await client.$queryRaw<MixRow[]>`
      SELECT mix_id::text, user_id::text, kind, slot, made_at, fixed_until, body::text
      FROM recommendations.mixes WHERE mix_id = ANY(${ids}::uuid[])`;
    return new Map(rows.map((row) => [row.mix_id, toMix(row)]));
  },

  async findOfUser(userId, at) {
    const rows = await client.$queryRaw<MixRow[]>`
      SELECT mix_id::text, user_id::text, kind, slot, made_at, fixed_until, body::text
      FROM recommendations.mixes WHERE user_id = ${userId}::uuid AND fixed_until > ${at}::timestamptz`;
    return fixedMixes(rows.map(toMix), at);
  },

  async prune(at) {
    const until = new Date(at.getTime() - mixKeptMs);
    for (let pruned = 0; ; ) {
      // By 1,000: an embedded database answers nobody else meanwhile.
      const rows = await client.$executeRaw`
        DELETE FROM recommendations.mixes WHERE mix_id IN (
          SELECT mix_id FROM recommendations.mixes WHERE fixed_until <= ${until}::timestamptz LIMIT 1000)`;
      pruned += rows;
      if (rows < 1_000) return pruned;
    }
  },
});
