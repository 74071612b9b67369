import type { UserVersions, UserVersionsReader } from '../domain/user-versions.ts';
import type { PrismaClient } from './prisma-client.ts';

export const createPrismaUserVersions = (client: PrismaClient): UserVersionsReader => ({
  async find(userIds, at) {
    // Of entries the versions only rise, and none is ever deleted: so does their sum.
    const rows = await client.$queryRaw<(UserVersions & { userId: string })[]>`
      SELECT asked.id::text AS "userId",
        coalesce((SELECT version FROM recommendations.taste_profiles WHERE user_id = asked.id), 0)::float8 AS profile,
        coalesce((SELECT sum(version) FROM recommendations.library_entries WHERE user_id = asked.id), 0)::float8 AS library,
        coalesce((SELECT round(extract(epoch FROM max(made_at)) * 1000) FROM recommendations.mixes
          WHERE user_id = asked.id AND fixed_until > ${at}::timestamptz), 0)::float8 AS mixes
      FROM unnest(${[...userIds]}::uuid[]) AS asked(id)`;
    return new Map(rows.map(({ userId, ...versions }) => [userId, versions]));
  },
});
