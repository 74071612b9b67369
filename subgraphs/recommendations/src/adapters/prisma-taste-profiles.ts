import type { TasteProfiles } from '../domain/taste-profile.ts';
import type { PrismaClient } from './prisma-client.ts';
import { readKeptProfile } from './read-kept-profile.ts';
import { encodeTasteProfile } from './taste-profile-json.ts';

export const createPrismaTasteProfiles = (client: PrismaClient): TasteProfiles => ({
  async find(userIds) {
    const rows = await client.$queryRaw<{ userId: string; profile: string }[]>`
      SELECT user_id::text AS "userId", profile FROM recommendations.taste_profiles WHERE user_id = ANY(${userIds}::uuid[])`;
    return new Map(rows.map(({ userId, profile }) => [userId, readKeptProfile(userId, profile)]));
  },

  async save(profiles) {
    if (profiles.length === 0) return [];
    const rows = profiles.map((profile) => ({
      user_id: profile.userId,
      version: profile.version,
      profile: encodeTasteProfile(profile),
    }));
    // In the order of the key, so that two who save the same never wait for each other in a circle.
    const saved = await client.$queryRaw<{ userId: string }[]>`
      INSERT INTO recommendations.taste_profiles AS known
      SELECT * FROM jsonb_populate_recordset(NULL::recommendations.taste_profiles, ${JSON.stringify(rows)}::jsonb)
      ORDER BY user_id
      ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, profile = excluded.profile
      WHERE known.version < excluded.version
      RETURNING user_id::text AS "userId"`;
    const isSaved = new Set(saved.map(({ userId }) => userId));
    return profiles.map(({ userId }) => userId).filter((userId) => !isSaved.has(userId));
  },
});
