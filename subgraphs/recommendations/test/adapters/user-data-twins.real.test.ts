import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryPlace, HistoryPlay } from '../../src/domain/play-history.ts';
import type { UserData } from '../../src/domain/user-data.ts';
import { noon, playOf, type TestUserData, userDataServers } from '../user-data.ts';
import { mixOf } from './mixes.contract.ts';
import { profileOf } from './taste-profiles.contract.ts';

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const userIds = fc.constantFrom('one', 'other');
const times = fc.oneof(
  fc.constantFrom(0, 1, 15 * dayMs + dayMs / 2, 15 * dayMs + dayMs / 2 + 1, 47 * dayMs, 400 * dayMs),
  fc.integer({ min: -2 * dayMs, max: 120 * dayMs }),
);

const play = fc.record({
  user: userIds,
  event: fc.nat(7),
  track: fc.nat(3),
  agoMs: times,
  counted: fc.boolean(),
});
const steps = fc.oneof(
  { weight: 4, arbitrary: fc.record({ plays: fc.array(play, { minLength: 1, maxLength: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ later: fc.constantFrom(1, 20, 1_440, 50 * 1_440) }) },
  { weight: 1, arbitrary: fc.record({ version: fc.integer({ min: 1, max: 4 }), user: userIds }) },
  {
    weight: 1,
    arbitrary: fc.record({
      entries: fc.array(
        fc.record({ item: fc.nat(2), version: fc.integer({ min: 1, max: 9 }), user: userIds }),
        { maxLength: 4 },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      mixes: fc.array(fc.record({ mix: fc.nat(2), slot: fc.integer({ min: 1, max: 2 }), user: userIds })),
    }),
  },
);
type Step = typeof steps extends fc.Arbitrary<infer Value> ? Value : never;

const [, cassandra] = userDataServers;

describe.skipIf(!cassandra)('PostgreSQL and Cassandra', () => {
  let twins: readonly TestUserData[] = [];
  beforeAll(async () => {
    twins = await Promise.all(userDataServers.map(([, open]) => open()));
  });
  afterAll(() => Promise.all(twins.map((twin) => twin.close())));

  it('answer alike, whatever was told to both', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(steps, { minLength: 1, maxLength: 10 }),
        fc.array(fc.uuid({ version: 4 }), { minLength: 16, maxLength: 16 }),
        async (chosen, ids) => {
          const [one, other] = [crypto.randomUUID(), crypto.randomUUID()];
          const run = { ids, users: { one, other } };
          let now = noon;
          for (const step of chosen) {
            if ('later' in step) now = new Date(now.getTime() + step.later * minuteMs);
            const answers = await Promise.all(
              twins.map(async (twin) => {
                twin.setNow(now);
                // What was counted may be remembered from here on.
                return [
                  await take(twin, step, run),
                  await twin.history.countsByTrack({ userId: one, from: null }),
                ];
              }),
            );
            expect(answers[1]).toEqual(answers[0]);
          }
          const all = await Promise.all(
            twins.map((twin) => Promise.all([one, other].map((userId) => readAll(twin, userId)))),
          );
          expect(all[1]).toEqual(all[0]);
        },
      ),
      { numRuns: 10 },
    );
    const active = await Promise.all(
      twins.map((twin) => {
        twin.setNow(noon);
        return twin.history.activeUsers({
          since: new Date(noon.getTime() - 40 * dayMs),
          after: null,
          limit: 500,
        });
      }),
    );
    expect(active[0]?.length).toBeGreaterThan(5);
    expect(active[1]).toEqual(active[0]);
  });
});

interface Run {
  readonly ids: readonly string[];
  readonly users: Readonly<Record<string, string>>;
}

async function take(userData: UserData, step: Step, { ids, users }: Run): Promise<unknown> {
  const idOf = (index: number) => ids[index] as string;
  const userOf = (name: string) => users[name] as string;
  if ('plays' in step) {
    return userData.history.record(
      step.plays.map(({ user, event, track, agoMs, counted }) =>
        playOf(userOf(user), {
          eventId: idOf(event),
          trackId: idOf(8 + track),
          playedAt: new Date(noon.getTime() - agoMs),
          counted,
        }),
      ),
    );
  }
  if ('entries' in step) {
    return userData.library.record(
      step.entries.map(({ item, version, user }) => ({
        userId: userOf(user),
        itemId: `track_${item}`,
        version,
        inLibrary: version % 3 > 0,
        at: new Date(noon.getTime() - ((version * 7) % 5)),
      })),
    );
  }
  if ('mixes' in step) {
    const mixes = step.mixes.map(({ mix, slot, user }) =>
      mixOf(userOf(user), { id: uuidOf(userOf(user), mix), slot, artistIds: [], tracks: [] }),
    );
    return userData.mixes.save(mixes);
  }
  if ('version' in step) {
    const { version, user } = step;
    const empty = { tracks: [], artists: [], recent: [], taken: [] };
    return userData.profiles.save([profileOf(userOf(user), version, empty)]);
  }
  return null;
}

/** One of a user's own. */
const uuidOf = (userId: string, index: number) => userId.slice(0, -1) + index;

/** All that is told of a user. */
async function readAll({ history, profiles, library, mixes }: UserData, userId: string) {
  const pages: HistoryPlay[] = [];
  for (let after: HistoryPlace | null = null; ; after = pages.at(-1) ?? null) {
    const page = await history.page({ userId, after, limit: 3 });
    pages.push(...page);
    if (page.length < 3) break;
  }
  const ids = [0, 1, 2].map((index) => uuidOf(userId, index));
  return {
    pages,
    all: await history.page({ userId, after: null, limit: 1_000 }),
    counts: await history.countsByTrack({ userId, from: null }),
    lately: await history.countsByTrack({ userId, from: new Date(noon.getTime() - 47 * dayMs) }),
    heard: await history.heardTracks(userId),
    profile: (await profiles.find([userId])).get(userId),
    library: await library.find(userId),
    mixes: await mixes.findOfUser(userId, noon),
    mixesById: await mixes.findByIds(ids),
  };
}
