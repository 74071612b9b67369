import { describe, expect, it } from 'vitest';
import { watchSources } from '../src/consumers/watch-sources.ts';
import { createTestClock, eventually, openFollowing } from './consumers/indexing-under-test.ts';
import { aDocument } from './documents.ts';
import { MemoryIndex } from './memory-index.ts';
import { MemoryCatalog, MemoryPlaylists } from './memory-sources.ts';
import { openSearch } from './search-under-test.ts';

const query = `{
  searchStatus {
    documents { tracks artists albums playlists }
    sources { name lagMs lastAskedAt }
    lastRebuildAt
    rebuild { startedAt documents }
  }
}`;
type Answer = {
  searchStatus: {
    documents: Record<string, number>;
    sources: { name: string; lagMs: number | null; lastAskedAt: string | null }[];
    lastRebuildAt: string | null;
    rebuild: { startedAt: string; documents: number } | null;
  } | null;
};

describe('searchStatus', () => {
  it('says what is in the index, how far it follows, and when it was built', async () => {
    const { index, indexing, clock } = await openFollowing();
    await eventually(async () => {
      for (const { lagMs } of (await indexing.status()).sources) expect(lagMs).toBe(0);
    });
    const { ask } = await openSearch({ index, indexing });
    const now = new Date(clock.now()).toISOString();
    expect((await ask<Answer>(query)).data.searchStatus).toEqual({
      documents: { tracks: 3, artists: 2, albums: 0, playlists: 1 },
      sources: [
        { name: 'catalog', lagMs: 0, lastAskedAt: now },
        { name: 'playlists', lagMs: 0, lastAskedAt: now },
      ],
      lastRebuildAt: now,
      rebuild: null,
    });
  });

  it('shows a rebuild while it is under way', async () => {
    const { index, indexing, catalog, clock } = await openFollowing();
    const { ask } = await openSearch({ index, indexing });
    let seen: Answer['searchStatus'] = null;
    catalog.beforePage = async (page) => {
      if (page === 1) seen = (await ask<Answer>(query)).data.searchStatus;
    };
    await indexing.rebuild();
    expect(seen).toMatchObject({ rebuild: { startedAt: new Date(clock.now()).toISOString(), documents: 2 } });
    expect((await ask<Answer>(query)).data.searchStatus?.rebuild).toBeNull();
  });

  it('bounds a lag that no Int can hold', async () => {
    const source = { name: 'catalog', lagMs: 90 * 86_400_000, lastAskedAt: null };
    const { ask } = await openSearch({
      documents: [],
      indexing: { status: async () => ({ sources: [source], rebuild: null }) },
    });
    const { data, errors } = await ask<Answer>(query);
    expect(errors).toBeUndefined();
    expect(data.searchStatus?.sources).toEqual([
      { name: 'catalog', lagMs: 2_147_483_647, lastAskedAt: null },
    ]);
  });
});

describe('searchStatus of a process that does not keep the index', () => {
  const openWatching = async () => {
    const clock = createTestClock();
    const catalog = new MemoryCatalog({ clock: clock.now });
    const playlists = new MemoryPlaylists({ clock: clock.now });
    const index = new MemoryIndex([aDocument('track', 'Song')], {
      clock: clock.now,
      positions: { catalog: '0', playlists: '0' },
    });
    const indexing = watchSources({ index, sources: [catalog, playlists], clock: clock.now, keepMs: 1_000 });
    const { ask } = await openSearch({ index, indexing });
    const sources = async () => (await ask<Answer>(query)).data.searchStatus?.sources;
    return { clock, catalog, playlists, index, sources };
  };

  it('asks the sources what is not in the index', async () => {
    const { clock, catalog, sources } = await openWatching();
    catalog.putArtist(1, 'Air');
    clock.pass(3_000);
    const lastAskedAt = new Date(clock.now()).toISOString();
    expect(await sources()).toEqual([
      { name: 'catalog', lagMs: 3_000, lastAskedAt },
      { name: 'playlists', lagMs: 0, lastAskedAt },
    ]);
  });

  it('asks them once a second, however many want to know', async () => {
    const { clock, catalog, sources } = await openWatching();
    let asked = 0;
    catalog.beforeChanges = () => {
      asked += 1;
    };
    await Promise.all([sources(), sources(), sources()]);
    expect(asked).toBe(1);
    clock.pass(1_000);
    await sources();
    expect(asked).toBe(2);
  });

  it('does not know the lag of a source that is away', async () => {
    const { clock, playlists, sources } = await openWatching();
    await sources();
    const lastAskedAt = new Date(clock.now()).toISOString();
    playlists.away = true;
    clock.pass(5_000);
    expect((await sources())?.[1]).toEqual({ name: 'playlists', lagMs: null, lastAskedAt });
  });
});
