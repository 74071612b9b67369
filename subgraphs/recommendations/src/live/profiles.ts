import type { Logger, Metrics } from '@medley/service';
import type { FastTasteProfiles, Positions, TasteProfile, TasteProfiles } from '../domain/taste-profile.ts';

/** The taste profiles of all accounts: the durable copy holds, the quick one answers. */
export interface Profiles extends TasteProfiles {
  /** As the durable copy has them; the quick one is put right by it. */
  findDurable(userIds: readonly string[]): Promise<ReadonlyMap<string, TasteProfile>>;
  /**
   * Sees to it that what `find` answers is this version or a newer one.
   * @param version one that the durable copy has
   */
  freshen(userId: string, version: number): Promise<void>;
  /** How far the quick copies are; it never rejects, and what it cannot tell is left out. */
  findPositions(userIds: readonly string[]): Promise<ReadonlyMap<string, Positions>>;
}

export interface ProfilesOptions {
  readonly fast: FastTasteProfiles;
  readonly durable: TasteProfiles;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Asks the quick copy first, and the durable one for what is missing there or while the quick one is away, which nobody but its metrics
 * and the log tells. A version is saved when the durable copy has it.
 */
export function createProfiles({ fast, durable, logger, metrics }: ProfilesOptions): Profiles {
  const asked = metrics.counter(
    'medley_recommendations_fast_profiles_total',
    'Taste profiles asked of the quick copy, by what came of it: hit, miss, away',
    ['result'],
  );
  /** Those whose quick copy missed a version that was saved: it is not believed until it was put right. */
  const outdated = new Map<string, TasteProfile>();
  let away = false;
  let restsUntil = 0;

  /** One that hangs costs its time out once in a while, not each time. */
  const rests = () => performance.now() < restsUntil;

  function noteAway(error: unknown): void {
    if (!away) logger.warn({ err: error }, 'quick copies of profiles are away: the durable ones answer');
    away = true;
    restsUntil = performance.now() + restMs;
  }

  function noteOutdated(profiles: readonly TasteProfile[]): void {
    for (const profile of profiles) {
      const { userId, version } = profile;
      if ((outdated.get(userId)?.version ?? 0) < version) outdated.set(userId, profile);
    }
    // The others are believed again: they are put right when they change next, and gone by themselves in an hour.
    const tooMany = Math.max(0, outdated.size - mostOutdated);
    for (const userId of [...outdated.keys()].slice(0, tooMany)) outdated.delete(userId);
  }

  /**
   * Never rejects.
   * @param changed that they are newer than what the quick copy may have, not only read once more
   */
  async function saveFast(
    profiles: readonly TasteProfile[],
    { changed }: { changed: boolean },
  ): Promise<void> {
    const missed = changed ? profiles : [];
    if (rests()) return noteOutdated(missed);
    const late = [...outdated.values()].slice(0, repairedAtOnce);
    if (late.length + profiles.length === 0) return;
    try {
      await fast.save([...late, ...profiles]);
      for (const profile of late)
        if (outdated.get(profile.userId) === profile) outdated.delete(profile.userId);
      if (away) logger.info('quick copies of profiles are back');
      away = false;
    } catch (error) {
      noteAway(error);
      noteOutdated(missed);
    }
  }

  async function askFast<Found>(
    userIds: readonly string[],
    ask: (userIds: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
  ): Promise<Map<string, Found>> {
    if (outdated.size > 0) await saveFast([], { changed: false });
    const believed = userIds.filter((userId) => !outdated.has(userId));
    if (rests()) {
      asked.inc({ result: 'away' }, userIds.length);
      return new Map();
    }
    try {
      const found = believed.length > 0 ? await ask(believed) : new Map<string, Found>();
      asked.inc({ result: 'hit' }, found.size);
      asked.inc({ result: 'miss' }, userIds.length - found.size);
      return new Map(found);
    } catch (error) {
      noteAway(error);
      asked.inc({ result: 'away' }, userIds.length);
      return new Map();
    }
  }

  async function findDurable(userIds: readonly string[]): Promise<ReadonlyMap<string, TasteProfile>> {
    if (userIds.length === 0) return new Map();
    const found = await durable.find(userIds);
    // Nobody has to wait for that.
    if (found.size > 0) void saveFast([...found.values()], { changed: false });
    return found;
  }

  async function find(userIds: readonly string[]): Promise<ReadonlyMap<string, TasteProfile>> {
    const found = await askFast(userIds, (ids) => fast.find(ids));
    const missing = userIds.filter((userId) => !found.has(userId));
    for (const [userId, profile] of await findDurable(missing)) found.set(userId, profile);
    return found;
  }

  return {
    findDurable,
    find,
    async freshen(userId, version) {
      const known = await askFast([userId], (ids) => fast.findVersions(ids));
      if ((known.get(userId) ?? 0) < version) await findDurable([userId]);
    },
    findPositions: (userIds) => askFast(userIds, (ids) => fast.findPositions(ids)),
    async save(profiles) {
      const late = new Set(await durable.save(profiles));
      await saveFast(
        profiles.filter(({ userId }) => !late.has(userId)),
        { changed: true },
      );
      return [...late];
    },
  };
}

const restMs = 500;
/** They are held whole, some 25 KB each. */
const mostOutdated = 2_000;
const repairedAtOnce = 50;
