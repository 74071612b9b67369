import { setImmediate as turn } from 'node:timers/promises';
import type { StoredRecord } from '@medley/event-log';
import { silentLogger } from '@medley/testing';
import { openTestEventLog } from '@medley/testing/event-log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ChangeNotifier, type ChangeNotifierOptions, createChangeNotifier } from '../src/index.ts';

type Tail = Parameters<ChangeNotifierOptions['log']['tail']>[0];

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

describe('a change notifier', () => {
  const left: AbortController[] = [];
  const notifiers: ChangeNotifier[] = [];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(async () => {
    for (const controller of left.splice(0)) controller.abort();
    for (const notifier of notifiers.splice(0)) await notifier.stop();
    vi.useRealTimers();
  });

  async function open(options: Partial<ChangeNotifierOptions> = {}) {
    const log = createToldLog();
    const notifier = createChangeNotifier({
      log,
      topics: [{ topic: 'playlists.changed.v1', keysOf: ({ key }) => [key] }],
      logger: silentLogger,
      ...options,
    });
    notifiers.push(notifier);
    await turn();
    return { log, notifier };
  }

  /** Counts how often it was woken, as fast as it is. */
  function watch(notifier: ChangeNotifier, key: string) {
    const controller = new AbortController();
    left.push(controller);
    const seen = { wakes: 0, ended: undefined as string | undefined };
    const watching = (async () => {
      for await (const _ of notifier.watch(key, controller.signal)) seen.wakes += 1;
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
    const { log, notifier } = await open();
    const [first, again, other] = ['a', 'a', 'b'].map((key) => watch(notifier, key));
    await turn();
    expect([first?.seen.wakes, again?.seen.wakes, other?.seen.wakes]).toEqual([1, 1, 1]);
    log.append('a', 'c');
    await turn();
    expect([first?.seen.wakes, again?.seen.wakes, other?.seen.wakes]).toEqual([2, 2, 1]);
  });

  it('wakes once for many that come before the next look, and forgets none that come during it', async () => {
    const { notifier } = await open();
    const controller = new AbortController();
    left.push(controller);
    const wakes = notifier.watch('a', controller.signal)[Symbol.asyncIterator]();
    await wakes.next();
    // He looks now.
    notifier.notify(['a', 'a']);
    notifier.notify(['a']);
    expect(await wakes.next()).toMatchObject({ done: false });
    let woken = false;
    const waiting = wakes.next().then(() => {
      woken = true;
    });
    await turn();
    expect(woken).toBe(false);
    notifier.notify(['a']);
    await waiting;
  });

  it('wakes at the latest after 30 s, and not all who began together at one time', async () => {
    const { notifier } = await open();
    const many = Array.from({ length: 50 }, () => watch(notifier, 'a').seen);
    await turn();
    const wokenAgain = () => many.filter(({ wakes }) => wakes > 1).length;
    await vi.advanceTimersByTimeAsync(22_000);
    expect(wokenAgain()).toBe(0);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(wokenAgain()).toBeGreaterThan(0);
    expect(wokenAgain()).toBeLessThan(50);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(wokenAgain()).toBe(50);
  });

  it('wakes everybody when a topic can be heard again', async () => {
    const { log, notifier } = await open();
    const { seen } = watch(notifier, 'a');
    await turn();
    log.away = true;
    log.tails[0]?.onCrash(new Error('crashed'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(seen.wakes).toBe(1);
    log.away = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(seen.wakes).toBe(2);
    log.append('a');
    await turn();
    expect(seen.wakes).toBe(3);
  });

  it('wakes who looked before the log was there', async () => {
    const log = createToldLog();
    log.away = true;
    const { notifier } = await open({ log });
    const { seen } = watch(notifier, 'a');
    await turn();
    expect(seen.wakes).toBe(1);
    log.away = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(seen.wakes).toBe(2);
  });

  it('goes on behind a record that cannot be read', async () => {
    const { log, notifier } = await open({
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
    const seen = ['a', 'b'].map((key) => watch(notifier, key).seen);
    await turn();
    log.append('unreadable', 'a');
    await turn();
    expect(seen.map(({ wakes }) => wakes)).toEqual([2, 1]);
  });

  it('wakes everybody whom one record tells of, one after the other within 3 s', async () => {
    const { log, notifier } = await open({
      topics: [
        { topic: 'recommendations.updated.v1', keysOf: ({ key }) => (key === 'model' ? 'everyone' : [key]) },
      ],
    });
    const many = Array.from({ length: 60 }, (_, index) => watch(notifier, `account ${index}`));
    await turn();
    const wokenAgain = () => many.filter(({ seen }) => seen.wakes === 2).length;
    log.append('model');
    many[0]?.leave();
    await turn();
    expect(wokenAgain()).toBe(0);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(wokenAgain()).toBeGreaterThan(10);
    expect(wokenAgain()).toBeLessThan(50);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(wokenAgain()).toBe(59);
    expect(many[0]?.seen).toEqual({ wakes: 1, ended: 'returned' });
  });

  it('wakes all who watch in this process when somebody says so', async () => {
    const { notifier } = await open();
    const seen = ['a', 'b'].map((key) => watch(notifier, key).seen);
    await turn();
    notifier.notifyAll();
    await turn();
    expect(seen.map(({ wakes }) => wakes)).toEqual([2, 2]);
  });

  it('is left while waiting, while looking and before: nothing is kept of who has gone', async () => {
    const { notifier } = await open();
    const waiting = watch(notifier, 'a');
    await turn();
    waiting.leave();
    await waiting.watching;
    expect(waiting.seen).toEqual({ wakes: 1, ended: 'returned' });

    const looking = new AbortController();
    await notifier.watch('a', looking.signal)[Symbol.asyncIterator]().next();
    expect(notifier.watching).toBe(1);
    looking.abort();

    const before = notifier.watch('a', AbortSignal.abort())[Symbol.asyncIterator]();
    expect(await before.next()).toMatchObject({ done: true });
    expect(notifier.watching).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('breaks off who watches when it is stopped: for him nothing is over', async () => {
    const { log, notifier } = await open();
    const { seen, watching } = watch(notifier, 'a');
    await turn();
    await Promise.all([notifier.stop(), notifier.stop()]);
    await watching;
    expect([seen, log.stopped, notifier.watching]).toEqual([
      { wakes: 1, ended: 'the notifier is stopped' },
      1,
      0,
    ]);
    await expect(
      notifier.watch('a', new AbortController().signal)[Symbol.asyncIterator]().next(),
    ).rejects.toThrow();
  });
});

it('hears what is appended to a log as soon as it is there', async () => {
  const { log, close } = await openTestEventLog();
  await log.admin.ensureTopics([{ name: 'playlists.changed.v1', partitions: 2, retentionMs: 60_000 }]);
  let isListening = false;
  const notifier = createChangeNotifier({
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
    const wakes = notifier.watch('playlist_1', controller.signal)[Symbol.asyncIterator]();
    await wakes.next();
    const woken = wakes.next();
    await log.append('playlists.changed.v1', [{ key: 'playlist_1', value: Buffer.from('{}') }]);
    expect(await woken).toMatchObject({ done: false });
  } finally {
    controller.abort();
    await notifier.stop();
    await close();
  }
});
