import type { ChangesHeard } from '@medley/event-log';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FactsUnavailableError, type TrackFacts, type ViewerFacts } from '../../src/domain/facts.ts';
import { createLoaders } from '../../src/loaders.ts';
import { createPlaybackFacts } from '../../src/playback-facts.ts';
import { aTrack, aViewer, trackId } from '../cases.ts';
import { createPrimary, type Manner, prompt, promptly, type Telling } from './primary-world.ts';

const trackIds = ['1', '2', '3', '4'].map(trackId);
const viewerIds = ['a', 'b'].map((text) => `user_${text.padStart(26, '0')}`);
// Tracks 1 to 3 are one recording.
const alternativesOf = (id: string) =>
  id === trackIds[3] ? [] : trackIds.slice(0, 3).filter((other) => other !== id);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Catalog and users, and some replicas of streaming that hold their facts. */
function createWorld({ replicas = 2, eventLog }: { replicas?: number; eventLog?: ChangesHeard } = {}) {
  const [catalog, users] = [createPrimary(trackIds), createPrimary(viewerIds)];
  const state: { reading: Manner; telling: Telling } = { reading: prompt, telling: promptly };
  const stops: (() => Promise<void>)[] = [];
  const opened = Array.from({ length: replicas }, () => {
    const facts = createPlaybackFacts({
      catalogFacts: {
        findByIds: (ids) => catalog.read(state.reading, (v) => ids.map((id) => trackOf(id, v))),
      },
      accountFacts: {
        findByIds: (ids) => users.read(state.reading, (v) => ids.map((id) => viewerOf(id, v))),
      },
      licenceChanges: catalog.changes(() => state.telling),
      accountChanges: users.changes(() => state.telling),
      entries: 3,
      eventLog,
      metrics: createMetrics(),
      logger: silentLogger,
    });
    stops.push(facts.start());
    return facts;
  });
  const answers: Promise<void>[] = [];
  const oldest = { ms: 0 };
  const outcomes = { decided: 0, undecided: 0 };

  return {
    catalog,
    users,
    state,
    oldest,
    outcomes,
    facts: opened,
    /** Somebody plays; when it is decided the age of what it was decided by is noted. */
    play(replica: number, track: number, viewer: number): Promise<void> {
      const { tracks, viewers } = opened[replica] as (typeof opened)[number];
      const request = { requestId: 'r', deadline: Date.now() + 10_000 };
      const loaders = createLoaders({ tracks, viewers, request });
      const [id, viewerId] = [trackIds[track] as string, viewerIds[viewer] as string];
      const answer = loaders.findTrackAndViewer(id, viewerId).then(
        (found) => {
          outcomes.decided += 1;
          const ages = [
            users.ageOf(viewerId, found.viewer?.version as number),
            catalog.ageOf(id, found.track?.version as number),
            ...(found.track?.alternatives ?? []).map((other) => catalog.ageOf(other.id, other.version)),
          ];
          oldest.ms = Math.max(oldest.ms, ...ages);
        },
        (error: unknown) => {
          outcomes.undecided += 1;
          // Real readings throw this kind, those of the test any.
          if (!(error instanceof FactsUnavailableError) && !/broke|too long/.test(String(error))) throw error;
        },
      );
      answers.push(answer);
      return answer;
    },
    async close() {
      const stopped = Promise.all(stops.map((stop) => stop()));
      await vi.advanceTimersByTimeAsync(3_000);
      await stopped;
      await Promise.all(answers);
    },
  };
}
type World = ReturnType<typeof createWorld>;

const trackOf = (id: string, versionOf: (id: string) => number): TrackFacts =>
  aTrack({
    id,
    version: versionOf(id),
    alternatives: alternativesOf(id).map((other) => aTrack({ id: other, version: versionOf(other) })),
  });
const viewerOf = (id: string, versionOf: (id: string) => number): ViewerFacts =>
  aViewer({ id, version: versionOf(id) });

const run = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('facts, whatever happens,', () => {
  const delayMs = fc.oneof(
    { weight: 3, arbitrary: fc.constant(1) },
    { weight: 3, arbitrary: fc.nat({ max: 340 }) },
    { weight: 1, arbitrary: fc.nat({ max: 900 }) },
  );
  const manner = fc.record({
    beforeMs: delayMs,
    afterMs: delayMs,
    fate: fc.oneof(
      { weight: 6, arbitrary: fc.constant('answers' as const) },
      fc.constantFrom('fails' as const, 'hangs' as const),
    ),
  });
  const telling = fc.record({
    manner,
    page: fc.constantFrom(1, 2, 500),
    again: fc.constantFrom(0, 0, 1, 3),
    reset: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  });
  const step = fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .record({ replica: fc.nat({ max: 1 }), track: fc.nat({ max: 3 }), viewer: fc.nat({ max: 1 }) })
        .map(
          ({ replica, track, viewer }) =>
            (world: World) =>
              void world.play(replica, track, viewer),
        ),
    },
    {
      weight: 4,
      arbitrary: fc.nat({ max: 3 }).map(
        (n) =>
          ({ catalog }: World) =>
            catalog.commit(trackIds[n] as string),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.nat({ max: 1 }).map(
        (n) =>
          ({ users }: World) =>
            users.commit(viewerIds[n] as string),
      ),
    },
    {
      weight: 2,
      arbitrary: telling.map((next) => ({ state }: World) => {
        state.telling = next;
      }),
    },
    {
      weight: 2,
      arbitrary: manner.map((next) => ({ state }: World) => {
        state.reading = next;
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constant(({ state }: World) => {
        state.telling = promptly;
        state.reading = prompt;
      }),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(-3_600_000, -2_000, 500, 5_000)
        .map((ms) => () => void vi.setSystemTime(Date.now() + ms)),
    },
  );
  const steps = fc.array(fc.tuple(step, fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 400 }))), {
    minLength: 10,
    maxLength: 150,
  });

  it('are never used when they ceased to be true more than a second before', {
    timeout: 120_000,
  }, async () => {
    const total = { decided: 0, undecided: 0, reads: 0, oldestMs: 0 };
    await fc.assert(
      fc.asyncProperty(steps, async (scene) => {
        const world = createWorld();
        for (const [act, pauseMs] of scene) {
          act(world);
          await run(pauseMs);
        }
        await world.close();
        total.decided += world.outcomes.decided;
        total.undecided += world.outcomes.undecided;
        total.reads += world.catalog.reads() + world.users.reads();
        total.oldestMs = Math.max(total.oldestMs, world.oldest.ms);
        expect(world.oldest.ms).toBeLessThan(1_000);
      }),
      { numRuns: 400 },
    );
    // It would be easy to be right by deciding nothing, or by reading everything.
    expect(total.undecided).toBeLessThan(total.decided);
    expect(total.oldestMs).toBeGreaterThan(300);
    console.log(`decided by the oldest ${total.oldestMs} ms after it was replaced: ${JSON.stringify(total)}`);
  });
});

describe('facts that are held', () => {
  let world: World;
  afterEach(() => world.close());

  const slow = (afterMs: number): Manner => ({ ...prompt, afterMs });
  const lost: Telling = { ...promptly, manner: { ...prompt, fate: 'hangs' } };
  const commit = (track: number) => world.catalog.commit(trackIds[track] as string);
  /** Presses play again and again, for so long. */
  async function keepPlaying(ms: number) {
    for (let spent = 0; spent < ms; spent += 10) {
      void world.play(0, 0, 0);
      await run(10);
    }
  }

  async function warm(options?: Parameters<typeof createWorld>[0]) {
    world = createWorld(options);
    await run(50);
    await Promise.all([world.play(0, 0, 0), run(50)]);
  }
  const reads = () => [world.catalog.reads(), world.users.reads()];

  it('are read once, for as long as changes are followed', async () => {
    await warm({ replicas: 1 });
    for (let second = 0; second < 60; second += 1) {
      await run(1_000);
      await Promise.all([world.play(0, 0, 0), run(1)]);
    }
    expect(reads()).toEqual([1, 1]);
    expect(world.outcomes).toEqual({ decided: 61, undecided: 0 });
    // Four times a second each, and a tenth more at most.
    expect(world.catalog.askings()).toBeLessThan(60 * 4.6);
  });

  it('are read again once they changed, or another release of the recording did', async () => {
    await warm({ replicas: 1 });
    for (const id of [trackIds[0], trackIds[2]] as string[]) {
      world.catalog.commit(id);
      await run(300);
      await Promise.all([world.play(0, 0, 0), run(50)]);
      await Promise.all([world.play(0, 0, 0), run(50)]);
    }
    expect(reads()).toEqual([3, 1]);
    world.catalog.commit(trackIds[3] as string);
    await run(300);
    await Promise.all([world.play(0, 0, 0), run(50)]);
    expect(reads()).toEqual([3, 1]);
  });

  it('are used through one lost asking, and read anew each time after two', async () => {
    await warm({ replicas: 1 });
    let answers = true;
    world.state.telling = {
      ...promptly,
      get manner(): Manner {
        return answers ? prompt : { ...prompt, fate: 'hangs' };
      },
    };
    expect(world.facts[0]?.findDegraded()).toEqual([]);
    answers = false;
    await run(600);
    answers = true;
    await run(400);
    expect(world.facts[0]?.findDegraded()).toEqual([]);
    answers = false;
    await run(1_100);
    expect(world.facts[0]?.findDegraded()).toEqual([
      'the changes of tracks cannot be followed',
      'the changes of accounts cannot be followed',
    ]);
    for (let time = 0; time < 3; time += 1) await Promise.all([world.play(0, 0, 0), run(50)]);
    expect(reads()).toEqual([4, 4]);
    answers = true;
    await run(700);
    for (let time = 0; time < 3; time += 1) await Promise.all([world.play(0, 0, 0), run(50)]);
    expect(reads()).toEqual([4, 4]);
    expect(world.outcomes.undecided).toBe(0);
  });

  it('are forgotten as soon as somebody hears of a change, whatever else the log does', async () => {
    const handlers: ((records: { key: string }[]) => void)[] = [];
    const crashes: ((error: Error) => void)[] = [];
    let tails = 0;
    await warm({
      replicas: 1,
      eventLog: {
        async tail({ topic, handle, onCrash }) {
          tails += 1;
          if (tails <= 2) throw new Error('no broker');
          if (topic === 'catalog.changed.v1') handlers.push(handle as never);
          crashes.push(onCrash);
          return { stop: async () => {} };
        },
      },
    });
    expect(tails).toBe(2);
    await run(10_000);
    expect(tails).toBe(4);
    await Promise.all([world.play(0, 0, 0), run(50)]);
    const before = reads();
    const askings = world.catalog.askings();
    world.catalog.commit(trackIds[0] as string);
    handlers[0]?.([{ key: trackIds[0] as string }, { key: 'album_1' }]);
    await Promise.all([world.play(0, 0, 0), run(30)]);
    expect(world.oldest.ms).toBe(0);
    expect(reads()[0]).toBe((before[0] as number) + 1);
    expect(world.catalog.askings()).toBeGreaterThan(askings);
    crashes[0]?.(new Error('over'));
    await run(10_000);
    expect(tails).toBe(5);
  });

  it('are not made of what changed while it was read', async () => {
    world = createWorld({ replicas: 1 });
    await run(50);
    for (const changed of [0, 1]) {
      world.state.reading = slow(500);
      void world.play(0, 0, 0);
      await run(20);
      commit(changed);
      await run(600);
      world.state.reading = prompt;
      await Promise.all([world.play(0, 0, 0), run(50)]);
      expect(world.oldest.ms).toBeLessThan(600);
      await keepPlaying(1_500);
      expect(world.oldest.ms).toBeLessThan(600);
      commit(0);
      await run(300);
    }
  });

  it('are not made of what was read while a follower was told to forget all', async () => {
    world = createWorld({ replicas: 1 });
    await run(50);
    world.state.reading = slow(500);
    void world.play(0, 0, 0);
    await run(20);
    commit(0);
    world.state.telling = { ...promptly, reset: true };
    await run(300);
    world.state.telling = promptly;
    await run(200);
    world.state.reading = prompt;
    await keepPlaying(1_500);
    expect(world.oldest.ms).toBeLessThan(600);
  });

  it('count from the beginning of the asking, however late its answer came', async () => {
    await warm({ replicas: 1 });
    world.state.telling = { ...promptly, manner: slow(340) };
    await run(400);
    // Whatever asking is under way now looked before this.
    while (world.catalog.sinceLook() > 5) await run(1);
    commit(0);
    await run(2);
    world.state.telling = lost;
    await keepPlaying(2_000);
    expect(world.oldest.ms).toBeGreaterThan(700);
    expect(world.oldest.ms).toBeLessThanOrEqual(760);
  });

  it('do not hold before everything was told', async () => {
    await warm({ replicas: 1 });
    world.state.telling = { ...promptly, page: 1, manner: slow(300) };
    for (let time = 0; time < 8; time += 1) commit(3);
    commit(0);
    await keepPlaying(4_000);
    expect(world.oldest.ms).toBeLessThan(1_000);
    expect(world.catalog.reads()).toBeGreaterThan(1);
  });

  it('are asked for anew when what else was awaited took too long', async () => {
    await warm({ replicas: 1 });
    world.state.telling = lost;
    await run(20);
    commit(0);
    await run(600);
    // The track is held still; the viewer is not, and comes late.
    world.state.reading = slow(500);
    await Promise.all([world.play(0, 0, 1), run(2_000)]);
    expect(world.outcomes).toEqual({ decided: 2, undecided: 0 });
    expect(world.oldest.ms).toBe(0);
  });

  it('leave room for what is used', async () => {
    await warm({ replicas: 1 });
    for (const track of [1, 2, 3, 0]) await Promise.all([world.play(0, track, 0), run(20)]);
    // Of four tracks three are held; the first had made room.
    expect(world.catalog.reads()).toBe(5);
    await Promise.all([world.play(0, 0, 0), run(20)]);
    expect(world.catalog.reads()).toBe(5);
  });
});
