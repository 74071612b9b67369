import { setImmediate as turn } from 'node:timers/promises';
import type { StoredRecord } from '@medley/event-log';
import { silentLogger } from '@medley/testing';
import { openTestEventLog } from '@medley/testing/event-log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDoorbell, type DoorbellOptions, type LogDoorbell } from '../src/index.ts';

type Tail = Parameters<DoorbellOptions['log']['tail']>[0];

/** A log that tells what it is told to, or is away. */
function createToldLog() {
  const tails: Tail[] = [];
  const log = {
    tails,
    away: false,
    stopped: 0,
    async tail(options: Tail) {
      if (log.away) throw new Error('no log');
      tails.push(options);
      return {
        async stop() {
          log.stopped += 1;
        },
      };
    },
    append(...keys: string[]) {
      const records = keys.map((key) => ({ key }) as StoredRecord);
      tails.at(-1)?.handle(records);
    },
  };
  return log;
}

describe('a doorbell', () => {
  const left: AbortController[] = [];
  const bells: LogDoorbell[] = [];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(async () => {
    for (const controller of left.splice(0)) controller.abort();
    for (const bell of bells.splice(0)) await bell.stop();
    vi.useRealTimers();
  });

  async function hang(options: Partial<DoorbellOptions> = {}) {
    const log = createToldLog();
    const bell = createDoorbell({
      log,
      topics: [{ topic: 'playlists.changed.v1', keysOf: ({ key }) => [key] }],
      logger: silentLogger,
      ...options,
    });
    bells.push(bell);
    await turn();
    return { log, bell };
  }

  /** Counts how often it was woken, as fast as it is. */
  function watch(bell: LogDoorbell, key: string) {
    const controller = new AbortController();
    left.push(controller);
    const seen = { rings: 0, ended: undefined as string | undefined };
    const watching = (async () => {
      for await (const _ of bell.watch(key, controller.signal)) seen.rings += 1;
    })().then(
      () => {
        seen.ended = 'returned';
      },
      (error: Error) => {
        seen.ended = error.message;
      },
    );
    return { seen, watching, leave: () => controller.abort() };
  }

  it('wakes at once, and then who watches what the log tells of, and nobody else', async () => {
    const { log, bell } = await hang();
    const [first, again, other] = ['a', 'a', 'b'].map((key) => watch(bell, key));
    await turn();
    expect([first?.seen.rings, again?.seen.rings, other?.seen.rings]).toEqual([1, 1, 1]);
    log.append('a', 'c');
    await turn();
    expect([first?.seen.rings, again?.seen.rings, other?.seen.rings]).toEqual([2, 2, 1]);
  });

  it('is one ring for many that come before the next look, and forgets none that comes during it', async () => {
    const { bell } = await hang();
    const controller = new AbortController();
    left.push(controller);
    const rings = bell.watch('a', controller.signal)[Symbol.asyncIterator]();
    await rings.next();
    // He looks now.
    bell.ring(['a', 'a']);
    bell.ring(['a']);
    expect(await rings.next()).toMatchObject({ done: false });
    let woken = false;
    const waiting = rings.next().then(() => {
      woken = true;
    });
    await turn();
    expect(woken).toBe(false);
    bell.ring(['a']);
    await waiting;
  });

  it('wakes at the latest after 30 s, and not all who began together at one time', async () => {
    const { bell } = await hang();
    const many = Array.from({ length: 50 }, () => watch(bell, 'a').seen);
    await turn();
    const wokenAgain = () => many.filter(({ rings }) => rings > 1).length;
    await vi.advanceTimersByTimeAsync(22_000);
    expect(wokenAgain()).toBe(0);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(wokenAgain()).toBeGreaterThan(0);
    expect(wokenAgain()).toBeLessThan(50);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(wokenAgain()).toBe(50);
  });

  it('wakes everybody when a topic can be heard again', async () => {
    const { log, bell } = await hang();
    const { seen } = watch(bell, 'a');
    await turn();
    log.away = true;
    log.tails[0]?.onCrash(new Error('crashed'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(seen.rings).toBe(1);
    log.away = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(seen.rings).toBe(2);
    log.append('a');
    await turn();
    expect(seen.rings).toBe(3);
  });

  it('wakes who looked before the log was there', async () => {
    const log = createToldLog();
    log.away = true;
    const { bell } = await hang({ log });
    const { seen } = watch(bell, 'a');
    await turn();
    expect(seen.rings).toBe(1);
    log.away = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(seen.rings).toBe(2);
  });

  it('goes on behind a record that cannot be read', async () => {
    const { log, bell } = await hang({
      topics: [
        {
          topic: 'recommendations.changed.v1',
          keysOf({ key }) {
            if (key === 'unreadable') throw new SyntaxError('no JSON');
            return [key];
          },
        },
      ],
    });
    const seen = ['a', 'b'].map((key) => watch(bell, key).seen);
    await turn();
    log.append('unreadable', 'a');
    await turn();
    expect(seen.map(({ rings }) => rings)).toEqual([2, 1]);
  });

  it('wakes all who watch in this process when somebody says so', async () => {
    const { bell } = await hang();
    const seen = ['a', 'b'].map((key) => watch(bell, key).seen);
    await turn();
    bell.ringAll();
    await turn();
    expect(seen.map(({ rings }) => rings)).toEqual([2, 2]);
  });

  it('is left while waiting, while looking and before: nothing is kept of who has gone', async () => {
    const { bell } = await hang();
    const waiting = watch(bell, 'a');
    await turn();
    waiting.leave();
    await waiting.watching;
    expect(waiting.seen).toEqual({ rings: 1, ended: 'returned' });

    const looking = new AbortController();
    await bell.watch('a', looking.signal)[Symbol.asyncIterator]().next();
    expect(bell.watching).toBe(1);
    looking.abort();

    const before = bell.watch('a', AbortSignal.abort())[Symbol.asyncIterator]();
    expect(await before.next()).toMatchObject({ done: true });
    expect(bell.watching).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('breaks off who watches when it is stopped: for him nothing is over', async () => {
    const { log, bell } = await hang();
    const { seen, watching } = watch(bell, 'a');
    await turn();
    await Promise.all([bell.stop(), bell.stop()]);
    await watching;
    expect([seen, log.stopped, bell.watching]).toEqual([
      { rings: 1, ended: 'the doorbell is stopped' },
      1,
      0,
    ]);
    await expect(
      bell.watch('a', new AbortController().signal)[Symbol.asyncIterator]().next(),
    ).rejects.toThrow();
  });
});

it('hears what is appended to a log as soon as it is there', async () => {
  const { log, close } = await openTestEventLog();
  await log.admin.ensureTopics([{ name: 'playlists.changed.v1', partitions: 2, retentionMs: 60_000 }]);
  let isListening = false;
  const bell = createDoorbell({
    log: {
      async tail(options) {
        const tail = await log.tail(options);
        isListening = true;
        return tail;
      },
    },
    topics: [{ topic: 'playlists.changed.v1', keysOf: ({ key }) => [key] }],
    logger: silentLogger,
    recheckMs: 60_000,
  });
  const controller = new AbortController();
  try {
    await expect.poll(() => isListening).toBe(true);
    const rings = bell.watch('playlist_1', controller.signal)[Symbol.asyncIterator]();
    await rings.next();
    const rung = rings.next();
    await log.append('playlists.changed.v1', [{ key: 'playlist_1', value: Buffer.from('{}') }]);
    expect(await rung).toMatchObject({ done: false });
  } finally {
    controller.abort();
    await bell.stop();
    await close();
  }
});
