import { randomUUID } from 'node:crypto';
import type { Cassandra } from '@medley/cassandra';
import { openTestCassandra, type TestCassandra } from '@medley/testing/cassandra';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCassandraUserData } from '../../src/adapters/cassandra-user-data.ts';
import { type UserData, UserDataUnavailableError } from '../../src/domain/user-data.ts';
import { noon, playOf } from '../user-data.ts';
import { failFrom } from './cassandra-failing.ts';
import { mixOf } from './mixes.contract.ts';
import { profileOf } from './taste-profiles.contract.ts';

const { TEST_CASSANDRA_CONTACT_POINTS } = process.env;
if (!TEST_CASSANDRA_CONTACT_POINTS)
  console.info('Cassandra that fails is left out, as TEST_CASSANDRA_CONTACT_POINTS is not set.');

const inMinutes = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);
const daysAgo = (days: number) => inMinutes(-days * 1_440);

describe.skipIf(!TEST_CASSANDRA_CONTACT_POINTS)('user data in Cassandra', () => {
  let test: TestCassandra;
  let cassandra: Cassandra;
  beforeAll(async () => {
    test = (await openTestCassandra('recommendations')) as TestCassandra;
    cassandra = test.cassandra;
  });
  afterAll(() => test?.close());
  const open = (now = noon, over = cassandra) => openCassandraUserData(over, () => now);

  interface Scenario {
    readonly attempt: (userData: UserData) => Promise<unknown>;
    /** Holds wherever the attempt stopped. */
    readonly always?: () => Promise<unknown>;
    /** Holds when it was made again. */
    readonly check: () => Promise<unknown>;
  }

  /** Goes through a scenario as often as its attempt makes requests, and each time another one fails, and all after it. */
  async function failEverywhere(prepare: () => Promise<Scenario>): Promise<void> {
    for (let nth = 1; ; nth++)
      for (const failure of ['before', 'after'] as const) {
        const { attempt, always, check } = await prepare();
        const error = await attempt(open(noon, failFrom(cassandra, nth, failure))).then(
          () => null,
          (thrown) => thrown,
        );
        await always?.();
        if (error) {
          expect(error).toBeInstanceOf(UserDataUnavailableError);
          await attempt(open());
        }
        await check();
        if (!error) return expect(nth).toBeGreaterThan(2);
      }
  }

  it('has each play once and counts it once, wherever recording stopped before it began again', () =>
    failEverywhere(async () => {
      const userId = randomUUID();
      const [old, late, recent] = [70, 65, 0].map((days) =>
        playOf(userId, { playedAt: daysAgo(days), trackId: userId }),
      );
      if (!old || !late || !recent) throw new Error('three were made');
      // The month of the old one was counted, before the late one comes, and the old one again with another time.
      await open(inMinutes(-90)).history.record([old]);
      await open().history.countsByTrack({ userId, from: null });
      return {
        attempt: ({ history }) => history.record([{ ...old, playedAt: daysAgo(150) }, late, recent]),
        async check() {
          const { history } = open(inMinutes(30));
          const plays = await history.page({ userId, after: null, limit: 10 });
          expect(plays).toEqual([recent, late, old]);
          for (const _ of [1, 2])
            expect(await history.countsByTrack({ userId, from: null })).toEqual(new Map([[userId, 3]]));
        },
      };
    }));

  it('has a change of a profile once, wherever it stopped before it was made again', () =>
    failEverywhere(async () => {
      const userId = randomUUID();
      await open().profiles.save([profileOf(userId, 1, { taken: ['first'] })]);
      return {
        async attempt({ profiles }) {
          const known = (await profiles.find([userId])).get(userId);
          if (!known || known.taken.includes('second')) return;
          const changed = profileOf(userId, known.version + 1, { taken: [...known.taken, 'second'] });
          expect(await profiles.save([changed])).toEqual([]);
          // As whoever saves it goes on with something else.
          await profiles.find([userId]);
        },
        async check() {
          const profile = (await open().profiles.find([userId])).get(userId);
          expect(profile).toMatchObject({ version: 2, taken: ['first', 'second'] });
        },
      };
    }));

  it('can be asked for each mix that an account sees, wherever saving stopped', () =>
    failEverywhere(async () => {
      const userId = randomUUID();
      const saved = [1, 2].map((slot) => mixOf(userId, { slot }));
      const { mixes } = open();
      return {
        attempt: (userData) => userData.mixes.save(saved),
        async always() {
          const seen = await mixes.findOfUser(userId, noon);
          expect([...(await mixes.findByIds(seen.map(({ id }) => id))).values()]).toEqual(seen);
        },
        check: async () => expect(await mixes.findOfUser(userId, noon)).toEqual(saved),
      };
    }));

  it('counts a month that is over once, and then no more', async () => {
    const userId = randomUUID();
    await open(daysAgo(61)).history.record([playOf(userId, { playedAt: daysAgo(61) })]);
    const asked: string[] = [];
    const watched: Cassandra = {
      ...cassandra,
      pages: (cql, ...given) => {
        asked.push(cql);
        return cassandra.pages(cql, ...given);
      },
    };
    const isCounted = async () => {
      asked.length = 0;
      await open(noon, watched).history.countsByTrack({ userId, from: null });
      return asked.some((cql) => cql.includes('FROM play_history'));
    };
    expect([await isCounted(), await isCounted(), await isCounted()]).toEqual([true, false, false]);
    await open(noon).history.record([playOf(userId, { playedAt: daysAgo(61) })]);
    expect([await isCounted(), await isCounted()]).toEqual([true, true]);
  });

  it.each([0, -5, 5])(
    'counts a play that comes while its month is counted, by a clock that is %d minutes ahead',
    async (ahead) => {
      const userId = randomUUID();
      const late = () => playOf(userId, { playedAt: daysAgo(61), trackId: userId });
      await open(daysAgo(61)).history.record([late()]);
      const interrupted: Cassandra = {
        ...cassandra,
        async write(cql, parameters) {
          if (cql.includes('INTO month_totals')) await open(inMinutes(ahead)).history.record([late()]);
          await cassandra.write(cql, parameters);
        },
      };
      await open(noon, interrupted).history.countsByTrack({ userId, from: null });
      for (const minutes of [1, 30, 30])
        expect(await open(inMinutes(minutes)).history.countsByTrack({ userId, from: null })).toEqual(
          new Map([[userId, 2]]),
        );
    },
  );

  it('answers without remembering what it counted when that cannot be written', async () => {
    const userId = randomUUID();
    await open(daysAgo(61)).history.record([playOf(userId, { playedAt: daysAgo(61), trackId: userId })]);
    const readOnly: Cassandra = { ...cassandra, write: failFrom(cassandra, 1, 'before').write };
    expect(await open(noon, readOnly).history.countsByTrack({ userId, from: null })).toEqual(
      new Map([[userId, 1]]),
    );
  });
});
