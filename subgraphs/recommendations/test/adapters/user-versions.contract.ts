import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { noon, type TestUserData } from '../user-data.ts';
import { entryOf } from './library-entries.contract.ts';
import { mixOf } from './mixes.contract.ts';
import { profileOf } from './taste-profiles.contract.ts';

const minutesAgo = (minutes: number) => new Date(noon.getTime() - minutes * 60_000);

export function userVersionsContract(opened: () => TestUserData) {
  const find = async (userId: string, at = noon) => (await opened().versions.find([userId], at)).get(userId);

  it('are none of an account of which nothing is known', async () => {
    expect(await find(randomUUID())).toEqual({ profile: 0, library: 0, mixes: 0 });
    expect((await opened().versions.find([], noon)).size).toBe(0);
  });

  it('rise with the profile, with each change of the library, and with mixes that are made', async () => {
    const [userId, other] = [randomUUID(), randomUUID()];
    await opened().profiles.save([profileOf(userId, 3), profileOf(other, 9)]);
    expect(await find(userId)).toEqual({ profile: 3, library: 0, mixes: 0 });

    const itemId = 'track_1';
    await opened().library.record([entryOf(userId, { itemId }), entryOf(userId), entryOf(other)]);
    const kept = await find(userId);
    await opened().library.record([entryOf(userId, { itemId, version: 2, inLibrary: false })]);
    const removed = await find(userId);
    expect(kept?.library).toBeGreaterThan(0);
    expect(removed?.library).toBeGreaterThan(kept?.library ?? 0);
    // What comes late changes nothing.
    await opened().library.record([entryOf(userId, { itemId })]);
    expect(await find(userId)).toEqual(removed);

    await opened().mixes.save([
      mixOf(userId, { madeAt: minutesAgo(90) }),
      mixOf(userId, { madeAt: minutesAgo(60), slot: 2 }),
      mixOf(userId, { madeAt: minutesAgo(5), fixedUntil: minutesAgo(1) }),
      mixOf(other, { madeAt: minutesAgo(10) }),
    ]);
    expect(await find(userId)).toMatchObject({ profile: 3, mixes: minutesAgo(60).getTime() });
    const both = await opened().versions.find([userId, other], noon);
    expect([both.get(userId)?.profile, both.get(other)?.profile]).toEqual([3, 9]);
  });
}
