import type { LogRecord } from '@medley/event-log';
import { isTransientError } from '@medley/event-log';
import { parseEvent, playEvents, recommendationsTopic, retryTopicOf } from '@medley/events';
import { encodeId } from '@medley/ids';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { describe, expect, it } from 'vitest';
import { createMemoryTasteProfiles } from '../../src/adapters/memory-taste-profiles.ts';
import type { FastTasteProfiles, TasteProfile } from '../../src/domain/taste-profile.ts';
import { createProfiles } from '../../src/live/profiles.ts';
import type { TrackPlayed } from '../../src/live/read-play.ts';
import { createTakePlays } from '../../src/live/take-plays.ts';
import { createMemoryUserData, withoutVersions } from './memory-user-data.ts';
import { consumed, createMemoryFacts, manyPlays, played, trackIds, userIds } from './told-plays.ts';

/** Says what each call does, and may end the process before or after one of them. */
function createSteps() {
  const steps: string[] = [];
  let fatal = Number.POSITIVE_INFINITY;
  return {
    steps,
    /** @param step from 0; whole: before it, and a half: after it */
    dieAt(step: number) {
      fatal = step;
      steps.length = 0;
    },
    watch<Port extends object>(name: string, port: Port): Port {
      const watched = Object.entries(port).map(([method, call]) => [
        method,
        async (...given: unknown[]) => {
          const step = steps.length;
          steps.push(`${name}.${method}`);
          if (step === fatal) throw new Error(`killed before ${name}.${method}`);
          const answer = await call(...given);
          if (step + 0.5 === fatal) throw new Error(`killed after ${name}.${method}`);
          return answer;
        },
      ]);
      return Object.fromEntries(watched);
    },
  };
}

/** One process or more over the same data. */
function createWorld({ unknown = new Set<string>() } = {}) {
  const userData = createMemoryUserData();
  const fast = createMemoryTasteProfiles();
  const appended: LogRecord[] = [];
  const log = {
    async append(_topic: string, records: readonly LogRecord[]) {
      appended.push(...records);
      return [];
    },
  };
  const facts = createMemoryFacts(unknown);

  function startProcess(quick: FastTasteProfiles = fast) {
    const steps = createSteps();
    const metrics = createMetrics();
    const taken: ReadonlyMap<string, TasteProfile>[] = [];
    const profiles = createProfiles({
      fast: steps.watch('fast', quick),
      durable: steps.watch('durable', userData.profiles),
      logger: silentLogger,
      metrics,
    });
    const handle = createTakePlays({
      history: steps.watch('history', userData.history),
      profiles,
      facts: steps.watch('facts', facts),
      log: steps.watch('log', log),
      onTaken: (of) => taken.push(of),
      metrics,
    });
    const refused: string[] = [];
    const take = (events: readonly TrackPlayed[], from = 0n) =>
      handle(consumed(events, from), { refuse: (_, reason) => refused.push(reason) });
    return { take, handle, steps, refused, taken, profiles };
  }
  const told = () =>
    appended.map(({ key, value }) => {
      const parsed = parseEvent(recommendationsTopic, value);
      if (parsed.kind !== 'event' || parsed.event.type !== 'RecommendationsUpdated')
        throw new Error(JSON.stringify(parsed));
      expect(key).toBe(parsed.event.key);
      return parsed.event.data;
    });
  return { userData, fast, startProcess, told, unknown };
}

const plays = manyPlays(60);
const undisturbed = async () => {
  const { startProcess, userData } = createWorld();
  await startProcess().take(plays);
  return { profiles: withoutVersions(userData.kept), history: userData.plays };
};

describe('taking plays', () => {
  it('writes history and profiles once for a batch, and then tells each account', async () => {
    const { startProcess, userData, told } = createWorld();
    const { take, steps, taken } = startProcess();
    await take(plays);
    expect(steps.steps.toSorted()).toEqual([
      'durable.find',
      'durable.save',
      'facts.findTracks',
      'fast.find',
      'fast.save',
      'history.record',
      'log.append',
    ]);
    expect(steps.steps.at(-1)).toBe('log.append');
    expect(userData.plays.size).toBe(60);
    expect([...userData.kept.keys()].sort()).toEqual(userIds.toSorted());
    expect(taken[0]).toEqual(userData.kept);
    expect(told()).toHaveLength(userIds.length);
    expect(told()[0]).toEqual({
      userId: encodeId('user', userIds[0] as string),
      cause: 'PLAYS',
      profileVersion: 1,
      play: { partition: 2, offset: '48' },
    });
  });

  it('leaves the same wherever it was killed, when the plays come again', async () => {
    const expected = await undisturbed();
    let deaths = 0;
    for (let step = 0; step <= 6; step += 0.5) {
      const { startProcess, userData, told } = createWorld();
      const { take, steps } = startProcess();
      await take(plays.slice(0, 30));
      steps.dieAt(step);
      const died = await take(plays.slice(30), 30n).then(
        () => false,
        () => true,
      );
      if (died) deaths += 1;
      // Another process goes on after the last commit, with more than was under way.
      await startProcess().take(plays.slice(20), 20n);
      expect(withoutVersions(userData.kept)).toEqual(expected.profiles);
      expect(userData.plays).toEqual(expected.history);
      // Whoever waits for the last play of an account is told of it.
      const last = told().filter(({ play }) => play?.offset === '59');
      expect(last.length).toBeGreaterThanOrEqual(1);
    }
    // What ails the quick copies ends nothing.
    expect(deaths).toBe(8);
  });

  it('is not undone by a process that was slow and has lost its partition', async () => {
    const expected = await undisturbed();
    const { startProcess, userData, fast } = createWorld();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = startProcess({
      ...fast,
      // It has read the profiles, and then hangs.
      find: async (ids) => {
        const found = await fast.find(ids);
        await released;
        return found;
      },
    });
    const hanging = slow.take(plays.slice(0, 40));
    await startProcess().take(plays);
    release();
    await hanging;
    expect(withoutVersions(userData.kept)).toEqual(expected.profiles);
  });

  it('puts the plays of two processes at once into the same profile', async () => {
    const { startProcess, userData } = createWorld();
    const own = Array.from({ length: 20 }, (_, index) => played({ trackId: trackIds[index] }));
    const retried = consumed(own.slice(10)).map((one) => ({ ...one, topic: retryTopicOf(playEvents).name }));
    const refuse = () => {};
    await Promise.all([startProcess().take(own.slice(0, 10)), startProcess().handle(retried, { refuse })]);
    const profile = userData.kept.get(userIds[0] as string);
    expect(profile?.recent).toHaveLength(20);
    expect(profile?.positions).toEqual({ 2: '10' });
  });

  it('tries later when others change a profile faster than it can', async () => {
    const { startProcess, userData } = createWorld();
    userData.profiles.save = async (profiles) => profiles.map(({ userId }) => userId);
    const failure = await startProcess()
      .take([played()])
      .catch((error: unknown) => error);
    expect(isTransientError(failure)).toBe(true);
    expect(String(failure)).toContain('changed by others');
  });

  it('reads quick copies that are older than the durable ones anew', async () => {
    const expected = await undisturbed();
    const { startProcess, userData, fast } = createWorld();
    await startProcess().take(plays.slice(0, 20));
    const old = await fast.find(userIds);
    await startProcess().take(plays.slice(20, 40), 20n);
    const outdated = createMemoryTasteProfiles();
    await outdated.save([...old.values()]);
    await startProcess(outdated).take(plays.slice(40), 40n);
    expect(withoutVersions(userData.kept)).toEqual(expected.profiles);
    expect(withoutVersions(await outdated.find(userIds))).toEqual(expected.profiles);
  });

  it('goes on without quick copies, and puts them right when they are back', async () => {
    const expected = await undisturbed();
    const { startProcess, userData, fast } = createWorld();
    let away = false;
    const flaky = Object.fromEntries(
      Object.entries(fast).map(([name, call]) => [
        name,
        async (given: never) => {
          if (away) throw new Error('Connection is closed.');
          return call(given);
        },
      ]),
    ) as unknown as FastTasteProfiles;
    const { take, profiles } = startProcess(flaky);
    await take(plays.slice(0, 20));
    away = true;
    await take(plays.slice(20), 20n);
    expect(withoutVersions(userData.kept)).toEqual(expected.profiles);
    expect(withoutVersions(await profiles.find(userIds))).toEqual(expected.profiles);
    away = false;
    await expect
      .poll(async () => withoutVersions(await fast.find((await profiles.find(userIds)) && userIds)))
      .toEqual(expected.profiles);
  });

  it('gives artists their share when their track is known at last', async () => {
    const [first, second] = [played(), played({ trackId: trackIds[1] })];
    const { startProcess, userData, unknown } = createWorld({ unknown: new Set([trackIds[0] as string]) });
    const { take } = startProcess();
    await take([first]);
    expect(userData.kept.get(userIds[0] as string)?.artists).toEqual([]);
    unknown.clear();
    await take([second], 1n);
    const known = createWorld();
    await known.startProcess().take([first, second]);
    expect(withoutVersions(userData.kept)).toEqual(withoutVersions(known.userData.kept));
  });

  it('refuses a play of nobody or of nothing, and takes those beside it', async () => {
    const { startProcess, userData } = createWorld();
    const { take, refused } = startProcess();
    const nobody = played();
    const broken = { ...nobody, data: { ...nobody.data, userId: 'user_1' } };
    const nothing = { ...nobody, data: { ...nobody.data, trackId: 'album_1' } };
    await take([broken, played(), nothing]);
    expect(refused).toHaveLength(2);
    expect(userData.plays.size).toBe(1);
  });
});
