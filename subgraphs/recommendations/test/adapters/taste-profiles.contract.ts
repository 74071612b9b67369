import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { TasteProfile } from '../../src/domain/taste-profile.ts';
import type { TestUserData } from '../user-data.ts';

export const profileOf = (
  userId: string,
  version: number,
  more: Partial<TasteProfile> = {},
): TasteProfile => ({
  userId,
  version,
  decayedTo: 1_781_611_200_000,
  tracks: [
    { id: randomUUID(), weight: 12.300000000000001 },
    { id: randomUUID(), weight: -5e-324 },
  ],
  artists: [{ id: randomUUID(), weight: 1e21 }],
  genres: [],
  recent: [
    {
      eventId: randomUUID(),
      trackId: randomUUID(),
      playedAt: 1_781_611_199_999,
      signal: -0.25,
      credited: true,
      context: { kind: 'PLAYLIST', id: 'playlist_ü"\\' },
    },
    {
      eventId: randomUUID(),
      trackId: randomUUID(),
      playedAt: 1_781_611_199_998,
      signal: 1,
      credited: false,
      context: null,
    },
  ],
  taken: [randomUUID()],
  positions: { 3: '9007199254740993' },
  asOf: 1_781_611_200_123,
  ...more,
});

export function tasteProfilesContract(opened: () => TestUserData) {
  const profiles = () => opened().profiles;
  const find = async (userId: string) => (await profiles().find([userId])).get(userId) ?? null;

  it('gives back profiles as they were saved, and leaves out those that there are not', async () => {
    const saved = [profileOf(randomUUID(), 1), profileOf(randomUUID(), 7)];
    expect(await profiles().save(saved)).toEqual([]);
    const ids = saved.map(({ userId }) => userId);
    const found = await profiles().find([...ids, randomUUID(), ...ids]);
    expect(found).toEqual(new Map(saved.map((profile) => [profile.userId, profile])));
    expect(await profiles().find([])).toEqual(new Map());
    expect(await profiles().save([])).toEqual([]);
  });

  it('keeps the newer one, and tells who came too late', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const kept = profileOf(one, 5);
    await profiles().save([profileOf(one, 1)]);
    await profiles().save([kept, profileOf(other, 1)]);
    const newer = profileOf(other, 2);
    expect(await profiles().save([profileOf(one, 4), newer])).toEqual([one]);
    expect(await profiles().save([profileOf(one, 5)])).toEqual([one]);
    expect(await profiles().save([profileOf(one, 1)])).toEqual([one]);
    expect([await find(one), await find(other)]).toEqual([kept, newer]);
  });

  it('keeps one of those that raise the same version at the same time, and all others know', async () => {
    const userId = randomUUID();
    let kept: TasteProfile | null = null;
    for (const version of [1, 2, 3]) {
      const writers = Array.from({ length: 6 }, () => profileOf(userId, version));
      const refused = await Promise.all(writers.map((profile) => profiles().save([profile])));
      const [first, ...others] = writers.filter((_, index) => refused[index]?.length === 0);
      expect(others).toEqual([]);
      kept = await find(userId);
      expect(kept).toEqual(first);
    }
  });

  it('loses none of the changes of writers that read and save again until they succeed', async () => {
    const userId = randomUUID();
    const change = async (id: string) => {
      for (;;) {
        const known = await find(userId);
        const taken = [...(known?.taken ?? []), id];
        const refused = await profiles().save([profileOf(userId, (known?.version ?? 0) + 1, { taken })]);
        if (refused.length === 0) return;
      }
    };
    const ids = Array.from({ length: 8 }, () => randomUUID());
    await Promise.all(ids.map(change));
    const profile = await find(userId);
    expect(profile?.version).toBe(8);
    expect(new Set(profile?.taken)).toEqual(new Set(ids));
  });
}
