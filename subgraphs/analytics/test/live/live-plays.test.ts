import { setImmediate } from 'node:timers/promises';
import { createChangeNotifier } from '@medley/live';
import { silentLogger } from '@medley/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLiveSeconds, type LiveSeconds } from '../../src/domain/live-seconds.ts';
import { secondOver, watchPlays } from '../../src/live/live-plays.ts';

const monday = 1_780_300_800;
let notifier: ReturnType<typeof createChangeNotifier>;
let seconds: LiveSeconds | null;
let wanted: number;
let leaving: AbortController;
let ids = 0;

beforeEach(() => {
  notifier = createChangeNotifier({
    log: null as never,
    topics: [],
    logger: silentLogger,
    recheckMs: 600_000,
  });
  seconds = createLiveSeconds((monday - 1_800) * 1_000);
  wanted = 0;
  leaving = new AbortController();
});
afterEach(() => notifier.stop());

/** Plays in a second that is not over, and the notification that others are. */
function tell(second: number, plays = 0): void {
  const markets = [{ market: 'DE', plays, notCounted: 0 }];
  seconds?.take({ appendedAt: second * 1_000, batches: [{ id: `batch ${++ids}`, markets }] });
  notifier.notify([secondOver]);
}
const ticks = {
  want() {
    wanted += 1;
    let isGone = false;
    return () => {
      wanted -= isGone ? 0 : 1;
      isGone = true;
    };
  },
};
const watch = (after: number | null = null) =>
  watchPlays({ seconds: () => seconds, notifier, ticks }, { market: null, after, signal: leaving.signal });
const nextOf = async (stream: ReturnType<typeof watch>) => (await stream.next()).value;

it('begins with a second that is over from now on, however long nobody watched', async () => {
  tell(monday - 500, 1);
  tell(monday - 400, 1);
  const stream = watch();
  const waiting = nextOf(stream);
  await setImmediate();
  tell(monday, 0);
  expect(await waiting).toEqual({ kind: 'STARTED', second: monday - 1, plays: 0, notCounted: 0 });
});

it('tells who is slow each second, as long as it is remembered, and then that there is a gap', async () => {
  const stream = watch(monday - 1);
  for (let second = monday; second <= monday + 600; second += 1) tell(second, 1);
  expect(await nextOf(stream)).toMatchObject({ kind: 'CHANGED', second: monday, plays: 1 });
  expect(await nextOf(stream)).toMatchObject({ kind: 'CHANGED', second: monday + 1 });
  tell(monday + 700, 1);
  expect(await nextOf(stream)).toMatchObject({ kind: 'GAP', second: monday + 699, plays: 0 });
  const waiting = nextOf(stream);
  tell(monday + 701);
  expect(await waiting).toMatchObject({ kind: 'CHANGED', second: monday + 700, plays: 1 });
});

it('waits where it knows less than who told the last one', async () => {
  tell(monday, 1);
  tell(monday + 1, 1);
  const stream = watch(monday + 5);
  const waiting = nextOf(stream);
  tell(monday + 6, 2);
  tell(monday + 7);
  expect(await waiting).toMatchObject({ kind: 'CHANGED', second: monday + 6, plays: 2 });
});

it('says nothing while nothing is known, and goes on when it is', async () => {
  const known = seconds;
  seconds = null;
  const stream = watch(monday);
  const waiting = nextOf(stream);
  notifier.notify([secondOver]);
  seconds = known;
  for (const second of [monday, monday + 1, monday + 2]) tell(second, 3);
  expect(await waiting).toMatchObject({ kind: 'CHANGED', second: monday + 1, plays: 3 });
});

it('wants to know that seconds pass for as long as somebody watches', async () => {
  const streams = [watch(monday), watch(monday)];
  const waiting = streams.map((stream) => stream.next());
  expect(wanted).toBe(2);
  leaving.abort();
  expect(await Promise.all(waiting)).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ]);
  expect(wanted).toBe(0);
});

it('wants to know nothing more when its reader left and never came back', async () => {
  const stream = watch(monday - 1);
  tell(monday);
  tell(monday + 1);
  await stream.next();
  expect(wanted).toBe(1);
  leaving.abort();
  expect(wanted).toBe(0);
});
