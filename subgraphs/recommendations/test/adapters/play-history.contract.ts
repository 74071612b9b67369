import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { activeKnownMs, type HistoryPlace, type HistoryPlay } from '../../src/domain/play-history.ts';
import { noon, playOf, playsOf, type TestUserData } from '../user-data.ts';

const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(noon.getTime() - days * dayMs);

export function playHistoryContract(opened: () => TestUserData) {
  const history = () => opened().history;
  const all = async (userId: string, limit = 1_000) => {
    const pages: (readonly HistoryPlay[])[] = [];
    for (let after: HistoryPlace | null = null; ; ) {
      const page = await history().page({ userId, after, limit });
      pages.push(page);
      expect(page.length).toBeLessThanOrEqual(limit);
      if (page.length < limit) return pages.flat();
      after = page.at(-1) as HistoryPlay;
    }
  };
  const counts = async (userId: string, from: Date | null = null) =>
    Object.fromEntries(await history().countsByTrack({ userId, from }));

  it('gives back plays as they were told, the newest first', async () => {
    const userId = randomUUID();
    const plays = [
      playOf(userId, { playedAt: noon }),
      playOf(userId, { playedAt: daysAgo(1), counted: false, skipped: true, msPlayed: 0 }),
      playOf(userId, { playedAt: daysAgo(40), context: null }),
      playOf(userId, { playedAt: daysAgo(41), context: { kind: 'SEARCH', id: null } }),
      playOf(userId, { playedAt: daysAgo(9_000) }),
    ];
    await history().record([3, 1, 4, 0, 2].map((index) => plays[index] as HistoryPlay));
    expect(await history().page({ userId, after: null, limit: 10 })).toEqual(plays);
  });

  it('pages through months, gaps and equal times without losing or doubling any', async () => {
    const userId = randomUUID();
    const at = (days: number, count: number) => playsOf(userId, count, daysAgo(days));
    const same = Array.from({ length: 5 }, () => playOf(userId, { playedAt: daysAgo(100) }));
    // Of the last one the clock of a client was ahead by two months.
    const plays = [...at(-60, 1), ...at(0, 7), ...at(17, 4), ...same, ...at(700, 3), ...at(900, 1)];
    await history().record(plays);
    const whole = await all(userId);
    expect(whole.map(({ playedAt }) => playedAt)).toEqual(plays.map(({ playedAt }) => playedAt));
    expect(new Set(whole)).toEqual(new Set(plays));
    for (const limit of [1, 2, 3, 5, 21]) expect(await all(userId, limit)).toEqual(whole);
  });

  it('goes on from a place at which there is no play any more, or never was', async () => {
    const userId = randomUUID();
    const plays = playsOf(userId, 3);
    await history().record(plays);
    const after = { playedAt: new Date(noon.getTime() - 30_000), eventId: randomUUID() };
    expect(await history().page({ userId, after, limit: 5 })).toEqual(plays.slice(1));
    const before = { playedAt: daysAgo(8_000), eventId: randomUUID() };
    expect(await history().page({ userId, after: before, limit: 5 })).toEqual([]);
  });

  it('has a play once, however often and by however many it is told', async () => {
    const userId = randomUUID();
    const plays = playsOf(userId, 30);
    await Promise.all([history().record(plays), history().record(plays)]);
    await history().record(plays.slice(5, 9));
    expect(await all(userId)).toEqual(plays);
    expect(Object.values(await counts(userId))).toEqual(plays.map(() => 1));
  });

  it('keeps of a play what was told first, also when its time changes', async () => {
    const userId = randomUUID();
    const play = playOf(userId, { playedAt: daysAgo(3) });
    const later = { ...play, playedAt: daysAgo(50), msPlayed: 1, counted: false };
    await history().record([play, later]);
    await history().record([later]);
    await history().record([{ ...play, msPlayed: 2 }]);
    expect(await all(userId)).toEqual([play]);
    expect(await counts(userId)).toEqual({ [play.trackId]: 1 });
  });

  it('keeps plays of two accounts under one id: clients make ids up', async () => {
    const eventId = randomUUID();
    const [one, other] = [randomUUID(), randomUUID()].map((userId) => playOf(userId, { eventId }));
    await history().record([one as HistoryPlay, other as HistoryPlay]);
    expect([...(await all(one?.userId as string)), ...(await all(other?.userId as string))]).toEqual([
      one,
      other,
    ]);
  });

  it('counts plays by track: those that count, from a time on', async () => {
    const userId = randomUUID();
    const [often, once, skipped] = [randomUUID(), randomUUID(), randomUUID()] as const;
    await history().record([
      ...[0, 1, 40, 41, 400].map((days) => playOf(userId, { trackId: often, playedAt: daysAgo(days) })),
      playOf(userId, { trackId: once, playedAt: daysAgo(40) }),
      playOf(userId, { trackId: skipped, counted: false }),
      playOf(userId, { trackId: often, counted: false }),
      playOf(randomUUID(), { trackId: often }),
    ]);
    // Twice: what was counted may be remembered.
    for (const _ of [1, 2]) {
      expect(await counts(userId)).toEqual({ [often]: 5, [once]: 1 });
      expect(await counts(userId, daysAgo(400))).toEqual({ [often]: 5, [once]: 1 });
      expect(await counts(userId, daysAgo(40))).toEqual({ [often]: 3, [once]: 1 });
      expect(await counts(userId, new Date(daysAgo(40).getTime() + 1))).toEqual({ [often]: 2 });
      expect(await counts(userId, new Date(noon.getTime() + 1))).toEqual({});
      expect(await history().heardTracks(userId)).toEqual(new Set([often, once, skipped]));
    }
  });

  it('counts plays that come when their month was counted long ago', async () => {
    const userId = randomUUID();
    const trackId = randomUUID();
    try {
      for (const [plays, hours] of [0, 1, 100, 101].entries()) {
        opened().setNow(new Date(noon.getTime() + hours * 3_600_000));
        await history().record([playOf(userId, { trackId, playedAt: daysAgo(60 + plays) })]);
        // At once, and when it may have been remembered what was counted.
        for (const minutes of [0, 0, 20, 20]) {
          opened().setNow(new Date(noon.getTime() + hours * 3_600_000 + minutes * 60_000));
          expect(await counts(userId)).toEqual({ [trackId]: plays + 1 });
        }
      }
      const heard = playOf(userId, { playedAt: daysAgo(60), counted: false });
      await history().record([heard]);
      expect(await history().heardTracks(userId)).toEqual(new Set([trackId, heard.trackId]));
    } finally {
      opened().setNow(noon);
    }
  });

  it('counts a month while it lasts and when it is over', async () => {
    const userId = randomUUID();
    const trackId = randomUUID();
    const monthEnd = new Date('2026-07-01T00:00:00.000Z').getTime();
    try {
      for (const [index, hours] of [-1, -0.001, 1, 30, 31, 800].entries()) {
        const time = new Date(monthEnd + hours * 3_600_000);
        opened().setNow(time);
        // Whoever is offline tells it later.
        await history().record([playOf(userId, { trackId, playedAt: new Date(monthEnd - 2_000 - index) })]);
        expect(await counts(userId)).toEqual({ [trackId]: index + 1 });
      }
    } finally {
      opened().setNow(noon);
    }
  });

  it('knows nothing of an account that never played', async () => {
    const userId = randomUUID();
    await history().record([]);
    expect(await all(userId)).toEqual([]);
    expect(await counts(userId)).toEqual({});
    expect(await history().heardTracks(userId)).toEqual(new Set());
  });

  it('tells who was active since a time, by id, page by page', async () => {
    const since = daysAgo(28);
    const idOf = (digits: string) => digits + randomUUID().slice(digits.length);
    const active = ['00', '01', '01', '7f', '80', 'fe', 'ff', 'ff'].map(idOf).sort();
    const [before, inactive] = [idOf('01'), idOf('fe')];
    await history().record([
      ...active.map((userId, index) => playOf(userId, { playedAt: index % 2 ? since : daysAgo(index) })),
      ...active.map((userId) => playOf(userId, { playedAt: daysAgo(50) })),
      playOf(before, { playedAt: new Date(since.getTime() - 1) }),
      playOf(inactive, { playedAt: daysAgo(200) }),
    ]);
    // Of the same week, and told later.
    await history().record(
      active.map((userId) => playOf(userId, { playedAt: new Date(since.getTime() - 3_600_000) })),
    );
    const listed: string[] = [];
    for (let after: string | null = null; ; after = listed.at(-1) ?? null) {
      const page = await history().activeUsers({ since, after, limit: 3 });
      listed.push(...page);
      if (page.length < 3) break;
    }
    expect(listed).toEqual([...new Set(listed)].sort());
    expect(listed.filter((id) => [...active, before, inactive].includes(id))).toEqual(active);
    const tooEarly = new Date(noon.getTime() - activeKnownMs - 1);
    await expect(history().activeUsers({ since: tooEarly, after: null, limit: 1 })).rejects.toThrow(
      RangeError,
    );
  });
}
