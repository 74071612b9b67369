import { randomUUID } from 'node:crypto';
import { encodeId } from '@medley/ids';
import { createChangeNotifier, createRetryWhileAway } from '@medley/live';
import { silentLogger } from '@medley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sources } from '../../src/domain/updates.ts';
import type { UserVersions } from '../../src/domain/user-versions.ts';
import { createUpdates } from '../../src/live/updates.ts';

const userId = randomUUID();
const began: Sources = { profile: 3, library: 5, mixes: 1_000, model: 2 };

describe('updates of recommendations', () => {
  let notifier: ReturnType<typeof createChangeNotifier>;
  let now: Sources;
  let asked: (readonly string[])[];
  let freshened: number[];
  let failures: number;
  let heldModel: number | null;

  beforeEach(() => {
    notifier = createChangeNotifier({
      log: null as never,
      topics: [],
      logger: silentLogger,
      recheckMs: 600_000,
    });
    now = began;
    asked = [];
    freshened = [];
    failures = 0;
    heldModel = null;
  });
  afterEach(() => notifier.stop());

  function watch({ after = null as Sources | null, of = userId, by = notifier } = {}) {
    const updates = createUpdates({
      versions: {
        async find(userIds) {
          asked.push(userIds);
          failures -= 1;
          if (failures >= 0) throw Object.assign(new Error('away'), { transient: true });
          const { model: _, ...versions } = now;
          return new Map<string, UserVersions>(userIds.map((id) => [id, versions]));
        },
      },
      models: {
        serving: async () => ({
          ...{ id: heldModel ?? now.model, version: 'v', method: 'm', trainedAt: new Date(0) },
        }),
        noteSwap() {
          heldModel = null;
        },
      },
      profiles: { freshen: async (_, version) => void freshened.push(version) },
      notifier: by,
      retryWhileAway: createRetryWhileAway({
        isAway: (error) => (error as { transient?: boolean }).transient === true,
        onAway: () => {},
        onBack: () => {},
        retryMs: 1,
      }),
    });
    const begin = (id = of) => updates({ userId: id, after, signal: new AbortController().signal });
    return { begin, stream: begin() };
  }
  const change = (changed: Partial<Sources>) => {
    now = { ...now, ...changed };
    notifier.notify([encodeId('user', userId)]);
  };
  const nextOf = async (stream: ReturnType<typeof watch>['stream']) => (await stream.next()).value;

  it('begin with how things are, and tell what each change comes from', async () => {
    const { stream } = watch();
    expect(await nextOf(stream)).toEqual({ kind: 'STARTED', causes: [], sources: began });
    const changes = [
      [{ profile: 4 }, ['PLAYS']],
      [{ library: 6 }, ['LIBRARY']],
      [{ mixes: 2_000 }, ['MIXES']],
      [{ model: 3 }, ['MODEL']],
    ] as const;
    for (const [changed, causes] of changes) {
      change(changed);
      expect(await nextOf(stream)).toEqual({ kind: 'CHANGED', causes, sources: now });
    }
  });

  it('tell what changed while nobody asked for more in one', async () => {
    const { stream } = watch();
    await stream.next();
    change({ profile: 4 });
    change({ profile: 5 });
    change({ model: 3 });
    expect(await nextOf(stream)).toMatchObject({
      causes: ['PLAYS', 'MODEL'],
      sources: { profile: 5, model: 3 },
    });
    const waiting = nextOf(stream);
    // Woken, and nothing is another.
    notifier.notify([encodeId('user', userId)]);
    change({ library: 9 });
    expect(await waiting).toMatchObject({ causes: ['LIBRARY'] });
  });

  it('go on after a cursor: at once where something changed since, else when it does', async () => {
    const { stream } = watch({ after: { ...began, profile: 1, mixes: 999 } });
    expect(await nextOf(stream)).toEqual({ kind: 'CHANGED', causes: ['PLAYS', 'MIXES'], sources: began });
    const same = watch({ after: began });
    const waiting = nextOf(same.stream);
    change({ library: 6 });
    expect(await waiting).toEqual({ kind: 'CHANGED', causes: ['LIBRARY'], sources: now });
  });

  it('say nothing of mixes that are over', async () => {
    const { stream } = watch({ after: began });
    const waiting = nextOf(stream);
    change({ mixes: 0 });
    change({ library: 6 });
    expect(await waiting).toEqual({
      kind: 'CHANGED',
      causes: ['LIBRARY'],
      sources: { ...began, library: 6 },
    });
  });

  it('look again for a model of which another process told', async () => {
    now = { ...began, model: 7 };
    heldModel = began.model;
    const { stream } = watch({ after: { ...now, library: 4 } });
    expect(await nextOf(stream)).toEqual({ kind: 'CHANGED', causes: ['LIBRARY'], sources: now });
  });

  it.each(['profile', 'library', 'model'] as const)(
    'say that there is a gap where the %s that was told is there no more, and go on from what is',
    async (name) => {
      const { stream } = watch({ after: { ...began, [name]: began[name] + 1 } });
      expect(await nextOf(stream)).toEqual({ kind: 'GAP', causes: [], sources: began });
      // In mid-stream too.
      change({ [name]: began[name] - 1 });
      expect(await nextOf(stream)).toEqual({ kind: 'GAP', causes: [], sources: now });
      change({ [name]: began[name] });
      expect(await nextOf(stream)).toMatchObject({ kind: 'CHANGED', sources: began });
    },
  );

  it('put the profile at hand right before they are told, where it may be older', async () => {
    const { stream } = watch({ after: began });
    const waiting = nextOf(stream);
    change({ profile: 4 });
    await waiting;
    expect(freshened).toEqual([4]);
    change({ library: 6 });
    await stream.next();
    expect(freshened).toEqual([4]);
  });

  it('wait while what is read is away', async () => {
    failures = 3;
    const { stream } = watch();
    expect(await nextOf(stream)).toMatchObject({ kind: 'STARTED' });
    expect(asked).toHaveLength(4);
  });

  it('are asked for together by all who look at the same time', async () => {
    const { begin } = watch();
    const streams = Array.from({ length: 20 }, (_, index) => begin(index < 5 ? userId : randomUUID()));
    await Promise.all(streams.map((stream) => stream.next()));
    expect(asked.map((ids) => ids.length)).toEqual([16]);
  });

  it('look by themselves now and then', async () => {
    const looking = createChangeNotifier({
      log: null as never,
      topics: [],
      logger: silentLogger,
      recheckMs: 20,
    });
    const { stream } = watch({ by: looking });
    await stream.next();
    now = { ...began, model: 3 };
    expect(await nextOf(stream)).toMatchObject({ causes: ['MODEL'] });
    await looking.stop();
  });
});
