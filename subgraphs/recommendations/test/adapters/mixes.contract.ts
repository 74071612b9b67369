import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Mix, mixKeptMs } from '../../src/domain/mixes.ts';
import { noon, type TestUserData } from '../user-data.ts';

const hourMs = 3_600_000;
const inHours = (hours: number) => new Date(noon.getTime() + hours * hourMs);

export const mixOf = (userId: string, mix: Partial<Mix> = {}): Mix => ({
  id: randomUUID(),
  userId,
  kind: 'DAILY_MIX',
  slot: 1,
  title: 'Daily Mix 1',
  description: 'Björk, "Múm" and more',
  madeAt: inHours(-12),
  fixedUntil: inHours(12),
  artistIds: [randomUUID()],
  tracks: [
    { trackId: randomUUID(), reason: 'PLAYED_BEFORE', because: null },
    { trackId: randomUUID(), reason: 'LISTENED_TOGETHER', because: { kind: 'ARTIST', id: randomUUID() } },
  ],
  model: { version: '2026-06-16T04:00:00Z-3', method: 'mixture', trainedAt: inHours(-8) },
  asOf: inHours(-13),
  ...mix,
});

export function mixesContract(opened: () => TestUserData) {
  const mixes = () => opened().mixes;

  it('gives back mixes as they were saved', async () => {
    const saved = [
      mixOf(randomUUID()),
      mixOf(randomUUID(), { kind: 'DISCOVER_WEEKLY', artistIds: [], tracks: [], model: null }),
    ];
    await mixes().save(saved);
    const ids = saved.map(({ id }) => id);
    expect(await mixes().findByIds([...ids, randomUUID()])).toEqual(
      new Map(saved.map((mix) => [mix.id, mix])),
    );
    expect(await mixes().findByIds([])).toEqual(new Map());
    await mixes().save([]);
  });

  it('keeps of two with one id the first', async () => {
    const mix = mixOf(randomUUID());
    await mixes().save([mix]);
    await mixes().save([{ ...mix, title: 'Another', madeAt: inHours(-11) }]);
    expect(await mixes().findByIds([mix.id])).toEqual(new Map([[mix.id, mix]]));
    const twins = [mixOf(mix.userId), mixOf(mix.userId)].map((twin) => ({
      ...twin,
      id: randomUUID(),
      slot: 2,
    }));
    await Promise.all(twins.map((twin) => mixes().save([{ ...twin, id: twins[0]?.id as string }])));
    const [, kept] = await mixes().findOfUser(mix.userId, noon);
    await mixes().save([...twins].reverse().map((twin) => ({ ...twin, id: twins[0]?.id as string })));
    expect((await mixes().findOfUser(mix.userId, noon))[1]).toEqual(kept);
  });

  it('finds those of an account that are fixed now, Discover Weekly first', async () => {
    const userId = randomUUID();
    const weekly = mixOf(userId, { kind: 'DISCOVER_WEEKLY', fixedUntil: inHours(60) });
    const daily = [1, 2, 3].map((slot) => mixOf(userId, { slot }));
    const yesterday = mixOf(userId, { madeAt: inHours(-36), fixedUntil: inHours(-12) });
    const tomorrow = mixOf(userId, { madeAt: inHours(12), fixedUntil: inHours(36) });
    await mixes().save([...daily, tomorrow, weekly, yesterday].reverse());
    await mixes().save([mixOf(randomUUID())]);
    expect(await mixes().findOfUser(userId, noon)).toEqual([weekly, ...daily]);
    expect(await mixes().findOfUser(userId, inHours(12))).toEqual([weekly, tomorrow]);
    expect(await mixes().findOfUser(userId, inHours(-20))).toEqual([yesterday]);
    expect(await mixes().findOfUser(userId, inHours(60))).toEqual([]);
  });

  it('shows the one that was made last where several are fixed', async () => {
    const userId = randomUUID();
    const [first, second] = [mixOf(userId), mixOf(userId, { madeAt: inHours(-1) })];
    await mixes().save([second]);
    await mixes().save([first]);
    expect(await mixes().findOfUser(userId, noon)).toEqual([second]);
    expect(await mixes().findOfUser(userId, inHours(-2))).toEqual([first]);
    expect((await mixes().findByIds([first.id, second.id])).size).toBe(2);
  });

  it('forgets them when they are no longer kept', async () => {
    const userId = randomUUID();
    const over = (hours: number) =>
      mixOf(userId, { fixedUntil: new Date(inHours(hours).getTime() - mixKeptMs) });
    const [old, kept] = [over(0), over(1)];
    await mixes().save([old, kept]);
    await mixes().prune(noon);
    expect([...(await mixes().findByIds([old.id, kept.id])).keys()]).toEqual([kept.id]);
    expect(await mixes().prune(noon)).toBe(0);
  });
}
