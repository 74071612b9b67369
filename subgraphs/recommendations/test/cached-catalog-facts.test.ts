import { createMetrics } from '@medley/service';
import { describe, expect, it, vi } from 'vitest';
import { createCachedCatalogFacts } from '../src/cached-catalog-facts.ts';
import type { CatalogFacts, TrackFacts } from '../src/domain/catalog-facts.ts';

const track = (id: string): TrackFacts => ({
  id,
  title: id,
  explicit: false,
  withdrawn: false,
  popularity: 1,
  albumId: null,
  artistIds: ['ann'],
  genreIds: [],
  features: null,
  markets: new Set(['DE']),
});

function open({ ttlMs = 60_000, clock = (): number => 1 } = {}) {
  const findTracks = vi.fn(
    async (ids: readonly string[]) =>
      new Map(ids.filter((id) => id !== 'unknown').map((id) => [id, track(id)])),
  );
  const popular = vi.fn(async () => [track('blue')]);
  const tracksOfArtists = vi.fn(
    async (ids: readonly string[], limit: number) =>
      new Map(ids.map((id) => [id, [track(`${id} ${limit}`)]])),
  );
  const metrics = createMetrics();
  const facts = createCachedCatalogFacts(
    { findTracks, popular, tracksOfArtists } as unknown as CatalogFacts,
    { metrics, ttlMs, clock },
  );
  const lookups = async () => {
    const name = 'medley_recommendations_catalog_lookups_total';
    const values =
      (await metrics.registry.getMetricsAsJSON()).find((metric) => metric.name === name)?.values ?? [];
    return Object.fromEntries(values.map(({ value, labels }) => [Object.values(labels).join(' '), value]));
  };
  return { facts, findTracks, popular, tracksOfArtists, lookups };
}

describe('facts of the catalog in memory', () => {
  it('asks for what it does not have, and counts', async () => {
    const { facts, findTracks, lookups } = open();
    await facts.findTracks(['blue', 'red']);
    const found = await facts.findTracks(['red', 'green', 'blue']);
    expect([...found.keys()].sort()).toEqual(['blue', 'green', 'red']);
    expect(findTracks.mock.calls).toEqual([[['blue', 'red']], [['green']]]);
    expect(await lookups()).toEqual({ 'track hit': 2, 'track miss': 3 });
  });

  it('remembers what is unknown', async () => {
    const { facts, findTracks } = open();
    for (let times = 0; times < 3; times += 1) expect((await facts.findTracks(['unknown'])).size).toBe(0);
    expect(findTracks).toHaveBeenCalledTimes(1);
  });

  it('asks anew when an answer is too old', async () => {
    let now = 1_000;
    const { facts, findTracks } = open({ ttlMs: 1_000, clock: () => now });
    await facts.findTracks(['blue']);
    now += 1_000;
    await facts.findTracks(['blue']);
    expect(findTracks).toHaveBeenCalledTimes(1);
    now += 1;
    await facts.findTracks(['blue']);
    expect(findTracks).toHaveBeenCalledTimes(2);
  });

  it('keeps lists by what was asked for, and asks once for many at a time', async () => {
    const { facts, popular } = open();
    const audience = { market: 'DE', explicit: true };
    await Promise.all([1, 2, 3].map(() => facts.popular({ audience, limit: 10 })));
    await facts.popular({ audience: { ...audience, explicit: false }, limit: 10 });
    expect(popular).toHaveBeenCalledTimes(2);
    await facts.popular({ audience, genreIds: ['house', 'techno'], limit: 10 });
    await facts.popular({ audience, genreIds: ['techno', 'house'], limit: 10 });
    expect(popular).toHaveBeenCalledTimes(3);
  });

  it('asks once for what several want at the same time, and only for what none asked for', async () => {
    const { facts, findTracks } = open();
    const found = await Promise.all([
      facts.findTracks(['blue', 'red']),
      facts.findTracks(['red', 'green']),
      facts.findTracks(['blue']),
    ]);
    expect(found.map((tracks) => [...tracks.keys()].sort())).toEqual([
      ['blue', 'red'],
      ['green', 'red'],
      ['blue'],
    ]);
    expect(findTracks.mock.calls).toEqual([[['blue', 'red']], [['green']]]);
  });

  it('fails all who wait for what fails, and asks anew afterwards', async () => {
    const { facts, findTracks } = open();
    findTracks.mockRejectedValueOnce(new Error('away')).mockRejectedValueOnce(new Error('away'));
    const both = [facts.findTracks(['blue']), facts.findTracks(['blue', 'red'])];
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await facts.findTracks(['blue', 'red'])).size).toBe(2);
  });

  it('does not keep a failure', async () => {
    const { facts, popular } = open();
    const asked = { audience: { market: 'DE', explicit: true }, limit: 10 };
    popular.mockRejectedValueOnce(new Error('away'));
    await expect(facts.popular(asked)).rejects.toThrow('away');
    expect(await facts.popular(asked)).toHaveLength(1);
  });

  it('keeps the tracks of artists apart by how many were asked for', async () => {
    const { facts, tracksOfArtists } = open();
    await facts.tracksOfArtists(['ann', 'zoe'], 5);
    const found = await facts.tracksOfArtists(['ann', 'bob'], 5);
    expect(found.get('ann')?.[0]?.title).toBe('ann 5');
    expect((await facts.tracksOfArtists(['ann'], 6)).get('ann')?.[0]?.title).toBe('ann 6');
    expect(tracksOfArtists.mock.calls).toEqual([
      [['ann', 'zoe'], 5],
      [['bob'], 5],
      [['ann'], 6],
    ]);
  });
});
