import type { ChainableCommander, Redis } from 'ioredis';
import { z } from 'zod';
import type { FastTasteProfiles, Positions } from '../domain/taste-profile.ts';
import { fastProfileTtlMs } from './fast-profile-ttl.ts';
import { decodeTasteProfile, encodeTasteProfile } from './taste-profile-json.ts';

/**
 * Copies in Redis, for all processes together, each a hash: `v` the version, `p` the positions, `b` the profile. What it cannot read is
 * not there.
 * @param client of `connectRedis`
 */
export function createRedisTasteProfiles({
  client,
  // What is kept has this form: another form needs another prefix.
  prefix = 'medley:taste:v1',
  ttlMs = fastProfileTtlMs,
}: {
  client: Redis;
  prefix?: string;
  ttlMs?: number;
}): FastTasteProfiles {
  client.defineCommand(saveCommand, { numberOfKeys: 1, lua: saveScript });
  const keyOf = (userId: string) => `${prefix}:${userId}`;

  async function askEach<Found>(
    userIds: readonly string[],
    field: string,
    read: (text: string) => Found | null,
  ): Promise<ReadonlyMap<string, Found>> {
    const answers = await run(client.pipeline(), userIds, (batch, id) => batch.hget(keyOf(id), field));
    const found = new Map<string, Found>();
    for (const [index, userId] of userIds.entries()) {
      const text = answers[index];
      const value = typeof text === 'string' ? read(text) : null;
      if (value !== null) found.set(userId, value);
    }
    return found;
  }

  return {
    find: (userIds) => askEach(userIds, 'b', decodeTasteProfile),
    findPositions: (userIds) => askEach(userIds, 'p', readPositions),
    findVersions: (userIds) => askEach(userIds, 'v', readVersion),
    async save(profiles) {
      const answers = await run(client.pipeline(), profiles, (batch, profile) => {
        const { userId, version, positions } = profile;
        const values = [version, JSON.stringify(positions), encodeTasteProfile(profile), ttlMs];
        (batch as unknown as WithSave)[saveCommand](keyOf(userId), ...values);
      });
      return profiles.flatMap(({ userId }, index) => (answers[index] === 1 ? [] : [userId]));
    },
  };
}

// Lua, so that an older version never takes the place of a newer one. KEYS[1], the copy. ARGV: version, positions, profile, ttlMs.
const saveScript = `
local kept = redis.call('HGET', KEYS[1], 'v')
if kept and tonumber(kept) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'p', ARGV[2], 'b', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`;
const saveCommand = 'medleyTaste_save';
type WithSave = Record<typeof saveCommand, (key: string, ...values: (string | number)[]) => unknown>;

/** One command for each, in one go. @throws what any of them answered with */
async function run<Item>(
  batch: ChainableCommander,
  items: readonly Item[],
  add: (batch: ChainableCommander, item: Item) => void,
): Promise<readonly unknown[]> {
  if (items.length === 0) return [];
  for (const item of items) add(batch, item);
  const answers = (await batch.exec()) ?? [];
  return answers.map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
}

function readVersion(text: string): number | null {
  const version = Number(text);
  return Number.isInteger(version) && version > 0 ? version : null;
}

const positionsSchema = z.record(z.string(), z.string());

function readPositions(text: string): Positions | null {
  try {
    return positionsSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
