import { describe, expect, it } from 'vitest';
import { createCachedStatistics } from '../src/cached-statistics.ts';
import type { Statistics } from '../src/domain/statistics.ts';
import { chartDays } from '../src/domain/time-window.ts';

const { days, before } = chartDays(new Date('2026-06-01T12:00:00Z'));

function open(statistics: Partial<Statistics>) {
  const clock = { now: 1_000 };
  const cached = createCachedStatistics(statistics as Statistics, { clock: () => clock.now });
  return { cached, clock };
}

describe('statistics that are kept for a while', () => {
  it('are play counts for ten seconds, each track by itself', async () => {
    const asked: string[][] = [];
    const { cached, clock } = open({
      countPlaysOfTracks: async (ids) => {
        asked.push([...ids]);
        return ids.filter((id) => id !== 'never').map((id) => ({ id, plays: asked.length }));
      },
    });
    expect(await cached.countPlaysOfTracks(['a', 'never'])).toEqual([{ id: 'a', plays: 1 }]);
    expect(await cached.countPlaysOfTracks(['never', 'a', 'b'])).toEqual([
      { id: 'a', plays: 1 },
      { id: 'b', plays: 2 },
    ]);
    clock.now += 10_001;
    expect(await cached.countPlaysOfTracks(['a'])).toEqual([{ id: 'a', plays: 3 }]);
    expect(asked).toEqual([['a', 'never'], ['b'], ['a']]);
  });

  it('are charts for a minute, each market by itself, counted once for all who ask meanwhile', async () => {
    const asked: (string | null)[] = [];
    const { cached, clock } = open({
      rankTracks: async (market) => {
        asked.push(market);
        return [];
      },
    });
    const ask = (market: string | null) => cached.rankTracks(market, days, before, 1_000);
    await Promise.all([ask('DE'), ask('DE'), ask(null), ask('DE')]);
    clock.now += 59_000;
    await ask('DE');
    expect(asked).toEqual(['DE', null]);
    clock.now += 1_001;
    await ask('DE');
    expect(asked).toEqual(['DE', null, 'DE']);
  });

  it('are the charts of before when the database is away, and an error when there are none', async () => {
    let away = false;
    const { cached, clock } = open({
      rankTracks: async () => {
        if (away) throw new Error('the database is away');
        return [
          {
            trackId: 't',
            rank: 1,
            previousRank: null,
            plays: 1,
            explicit: false,
            markets: new Set<string>(),
          },
        ];
      },
    });
    const ask = (market: string) => cached.rankTracks(market, days, before, 1_000);
    const known = await ask('DE');
    away = true;
    clock.now += 600_000;
    expect(await ask('DE')).toEqual(known);
    await expect(ask('BR')).rejects.toThrow('away');
    away = false;
    await expect(ask('BR')).resolves.toHaveLength(1);
  });
});
