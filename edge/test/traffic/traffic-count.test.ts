import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTrafficCount } from '../../src/traffic/traffic-count.ts';
import { windowAt } from '../../src/traffic/traffic-window.ts';

const answer = fc.record({
  kind: fc.constantFrom('audio', 'images', 'other'),
  status: fc.constantFrom(200, 206, 403, 499),
  bytesSent: fc.nat({ max: 600_000 }),
} as const);
const fetch = fc.record({
  path: fc.nat({ max: 40 }).map((file) => `/audio/v1/${file}`),
  bytes: fc.nat({ max: 524_288 }),
  failed: fc.boolean(),
});

it('tells the same whatever the order, and loses nothing of the sums', () => {
  fc.assert(
    fc.property(fc.array(answer), fc.array(fetch), (answers, fetches) => {
      const [forwards, backwards] = [createTrafficCount(), createTrafficCount()];
      for (const one of answers) forwards.answered(one);
      for (const one of fetches) forwards.fetched(one);
      for (const one of fetches.toReversed()) backwards.fetched(one);
      for (const one of answers.toReversed()) backwards.answered(one);
      const totals = forwards.totals();
      expect(totals).toEqual(backwards.totals());
      expect(sum(totals.answers.map(({ requests }) => requests))).toBe(answers.length);
      expect(sum(totals.answers.map(({ bytesSent }) => bytesSent))).toBe(
        sum(answers.map(({ bytesSent }) => bytesSent)),
      );
      expect(totals.originFetches).toBe(fetches.length);
      expect(totals.originBytes).toBe(sum(fetches.map(({ bytes }) => bytes)));
      expect(totals.originFailures).toBe(fetches.filter(({ failed }) => failed).length);
      expect(totals.hottestMisses.length).toBeLessThanOrEqual(20);
    }),
  );
});

it('names the twenty files that were fetched most, by bytes', () => {
  const count = createTrafficCount();
  for (let file = 1; file <= 50; file += 1)
    count.fetched({ path: `/audio/v1/${file}`, bytes: 1_000 * file, failed: false });
  // Many small fetches are fewer bytes than one large one.
  for (let time = 0; time < 10; time += 1) count.fetched({ path: '/images/v1/1', bytes: 1, failed: false });
  const { hottestMisses } = count.totals();
  expect(hottestMisses.map(({ path }) => path)).toEqual(
    Array.from({ length: 20 }, (_, at) => `/audio/v1/${50 - at}`),
  );
});

it('holds no more than so many files, and still counts the others in the sums', () => {
  const count = createTrafficCount();
  for (let file = 0; file < 30_000; file += 1)
    count.fetched({ path: `/audio/v1/${file}`, bytes: file, failed: false });
  expect(count.totals()).toMatchObject({ originFetches: 30_000, originBytes: (30_000 * 29_999) / 2 });
  expect(count.totals().hottestMisses[0]).toEqual({
    path: '/audio/v1/19999',
    originFetches: 1,
    originBytes: 19_999,
  });
});

it('counts by ten seconds on whole tens', () => {
  const at = Date.parse('2026-11-23T12:00:09.999Z');
  expect(windowAt(at)).toEqual({ from: at - 9_999, until: at + 1 });
  expect(windowAt(at + 1)).toEqual({ from: at + 1, until: at + 10_001 });
});

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
