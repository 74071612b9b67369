import { describe, expect, it } from 'vitest';
import { RebuildUnderWayError } from '../../src/consumers/indexing.ts';
import { type RebuildProgress, rebuildIndex } from '../../src/consumers/rebuild-index.ts';
import { aDocument } from '../documents.ts';
import { allTitles, eventually, openFollowing, openIndexing } from './indexing-under-test.ts';

describe('a rebuild', () => {
  it('copies everything there is, notes where the sources stand, and tells how far it is', async () => {
    const { sources, index } = openIndexing();
    const progress: RebuildProgress[] = [];
    const onProgress = (step: RebuildProgress) => progress.push(step);
    expect(await rebuildIndex({ writer: index, sources, onProgress })).toEqual({ documents: 6 });
    expect(index.titles()).toEqual(allTitles);
    expect(await index.readState()).toMatchObject({
      counts: { artist: 2, track: 3, album: 0, playlist: 1 },
      positions: { catalog: '5', playlists: '1' },
    });
    expect(progress.map(({ step, documents }) => `${step} ${documents}`)).toEqual([
      'catalog 0',
      'catalog 2',
      'catalog 4',
      'catalog 5',
      'playlists 5',
      'playlists 6',
    ]);
  });

  it('throws out what the old index had and no source has any more', async () => {
    const { sources, index } = await openFollowing();
    await index.write({ put: [aDocument('artist', 'Ghost')], remove: [], positions: {} });
    expect(index.titles()).toContain('Ghost');
    await rebuildIndex({ writer: index, sources });
    expect(index.titles()).toEqual(allTitles);
  });

  it('misses no change that is made at any moment of it', async () => {
    const { sources, catalog, playlists, index, daftPunk, aerodynamic, air } = openIndexing();
    const beginRebuild = index.beginRebuild.bind(index);
    let replays = 0;
    // Before the first page, behind the pages that were read, while changes are replayed, and right before the swap.
    catalog.beforePage = (page) => {
      if (page === 0) catalog.putArtist(10, 'At the first page');
      if (page === 1) catalog.putArtist(1, 'Renamed after its page');
      if (page === 2) catalog.deleteTrack(aerodynamic);
    };
    playlists.beforePage = (page) => {
      if (page === 1) playlists.put(1, 'Made private after its page', false);
    };
    catalog.beforeChanges = () => {
      replays += 1;
      if (replays === 1) catalog.putTrack(20, 'At the first replay', air);
      if (replays === 2) catalog.putTrack(21, 'At the last replay', daftPunk);
    };
    index.beginRebuild = async () => {
      catalog.putTrack(22, 'After the positions were noted', air);
      return beginRebuild();
    };
    await rebuildIndex({ writer: index, sources });
    expect(index.titles()).toEqual([
      'After the positions were noted',
      'Air',
      'At the first page',
      'At the first replay',
      'At the last replay',
      'Renamed after its page',
      'Sexy Boy',
      'Veridis Quo',
    ]);
    expect((await index.readState()).positions.catalog).toBe(catalog.lastPosition);
  });

  it('that is interrupted leaves the old index answering and nothing else, and can be run again', async () => {
    const { sources, catalog, index } = await openFollowing();
    const interrupt = new AbortController();
    catalog.putArtist(3, 'Justice');
    await eventually(() => expect(index.titles()).toContain('Justice'));
    const before = await index.readState();
    catalog.beforePage = (page) => {
      if (page === 1) interrupt.abort(new Error('interrupted by hand'));
    };
    await expect(rebuildIndex({ writer: index, sources, signal: interrupt.signal })).rejects.toThrow(
      'interrupted by hand',
    );
    expect(await index.readState()).toEqual(before);
    expect(index.hasUnfinished).toBe(false);
    catalog.beforePage = () => {};
    await rebuildIndex({ writer: index, sources });
    expect((await index.readState()).generation).not.toBe(before.generation);
    expect(index.titles()).toEqual([...allTitles, 'Justice'].toSorted());
  });

  it('is not begun by who was told to stop before', async () => {
    const { sources, index } = openIndexing();
    await expect(
      rebuildIndex({ writer: index, sources, signal: AbortSignal.abort(new Error('too late')) }),
    ).rejects.toThrow('too late');
    expect(index.hasUnfinished).toBe(false);
  });

  it('that fails, because a source or the index goes away, leaves the old index answering', async () => {
    const { sources, catalog, playlists, index } = openIndexing();
    await rebuildIndex({ writer: index, sources });
    playlists.beforePage = () => {
      playlists.away = true;
    };
    await expect(rebuildIndex({ writer: index, sources })).rejects.toThrow('playlists is away');
    playlists.away = false;
    playlists.beforePage = () => {};
    expect(index.hasUnfinished).toBe(false);
    catalog.beforePage = (page) => {
      if (page === 1) index.fault = 'away';
    };
    await expect(rebuildIndex({ writer: index, sources })).rejects.toThrow('refused');
    index.fault = null;
    expect(index.titles()).toEqual(allTitles);
  });
});

describe('a rebuild beside those that follow', () => {
  it('lets them go on with the old index, and puts them on the new one where that stands', async () => {
    const { catalog, index, indexing, heard } = await openFollowing();
    let seenWhileRebuilding = false;
    catalog.beforePage = async (page) => {
      if (page !== 1) return;
      catalog.putArtist(3, 'Justice');
      await eventually(() => expect(index.titles()).toContain('Justice'));
      seenWhileRebuilding = true;
      expect((await indexing.status()).rebuild).toMatchObject({ documents: 2 });
    };
    const before = await index.readState();
    await indexing.rebuild();
    expect(seenWhileRebuilding).toBe(true);
    expect((await index.readState()).generation).not.toBe(before.generation);
    catalog.putArtist(4, 'Cassius');
    await eventually(() => expect(index.titles()).toEqual(expect.arrayContaining(['Justice', 'Cassius'])));
    expect(heard).toEqual([
      'rebuild: somebody asked for it',
      'swapped 6',
      'rebuild: somebody asked for it',
      // The change of meanwhile was copied again.
      'swapped 8',
    ]);
  });

  it('never lets a position of the old index into the new one', async () => {
    const { catalog, index, indexing } = await openFollowing();
    // A round that read its changes before the swap tries to write them after it.
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let rounds = 0;
    const find = catalog.findDocuments.bind(catalog);
    catalog.findDocuments = async (ids) => {
      const found = await find(ids);
      rounds += 1;
      if (rounds === 1) await held;
      return found;
    };
    catalog.putArtist(1, 'Old name');
    await eventually(() => expect(rounds).toBe(1));
    catalog.putArtist(1, 'New name');
    await indexing.rebuild();
    const position = catalog.lastPosition;
    release();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(index.titles()).toContain('New name');
    expect(index.titles()).not.toContain('Old name');
    expect((await index.readState()).positions.catalog).toBe(position);
  });

  it('stops them between the last replay and the swap, or what they write meanwhile would be lost', async () => {
    const { catalog, index, indexing } = await openFollowing();
    let written: string[] = [];
    index.beforeSwap = async () => {
      catalog.putArtist(3, 'Justice');
      await new Promise((resolve) => setTimeout(resolve, 40));
      written = index.titles();
    };
    await indexing.rebuild();
    expect(written).toEqual(allTitles);
    await eventually(() => expect(index.titles()).toContain('Justice'));
  });

  it('is one at a time', async () => {
    const { catalog, indexing, heard } = await openFollowing();
    let second: unknown;
    catalog.beforePage = async (page) => {
      if (page === 0) second = await indexing.rebuild().catch((error: unknown) => error);
    };
    await indexing.rebuild();
    expect(second).toBeInstanceOf(RebuildUnderWayError);
    expect(heard.filter((line) => line.startsWith('swapped'))).toHaveLength(2);
    catalog.beforePage = () => {};
    await indexing.rebuild();
    expect((await indexing.status()).rebuild).toBeNull();
  });

  it('is interrupted when indexing stops, which waits for its end', async () => {
    const { catalog, index, indexing, heard } = await openFollowing();
    const reading = new Promise<void>((resolve) => {
      catalog.beforePage = async (page) => {
        if (page !== 1) return;
        resolve();
        await new Promise((after) => setTimeout(after, 30));
      };
    });
    const rebuilding = indexing.rebuild().catch((error: unknown) => String(error));
    await reading;
    expect(index.hasUnfinished).toBe(true);
    await indexing.stop();
    expect(index.hasUnfinished).toBe(false);
    expect(heard.at(-1)).toBe('interrupted');
    expect(await rebuilding).toContain('indexing was stopped');
    expect(index.titles()).toEqual(allTitles);
    await expect(indexing.rebuild()).rejects.toThrow('indexing was stopped');
  });
});

describe('the schedule', () => {
  it('builds the first index where there is none, and then the rest is followed', async () => {
    const { catalog, index, indexing, heard } = openIndexing();
    indexing.start();
    await eventually(() => expect(index.titles()).toEqual(allTitles));
    expect(heard).toEqual(['rebuild: there is no index yet', 'swapped 6']);
    catalog.putArtist(3, 'Justice');
    await eventually(() => expect(index.titles()).toContain('Justice'));
  });

  it('tries the first again until the sources are there', async () => {
    const { playlists, index, indexing, heard } = openIndexing();
    playlists.away = true;
    indexing.start();
    await eventually(() =>
      expect(heard.filter((line) => line === 'rebuild failed').length).toBeGreaterThan(1),
    );
    playlists.away = false;
    await eventually(() => expect(index.titles()).toEqual(allTitles));
  });

  it('builds one anew that was lost', async () => {
    const { index } = await openFollowing();
    index.lose();
    await eventually(() => expect(index.titles()).toEqual(allTitles));
  });

  it('rebuilds an index that is old enough, counted through restarts', async () => {
    const hour = 3_600_000;
    const first = openIndexing();
    await first.indexing.rebuild();
    first.clock.pass(23 * hour);
    const { index, clock } = first;
    const { indexing, heard } = openIndexing({ index, clock, rebuildEveryMs: 24 * hour });
    indexing.start();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(heard).toEqual([]);
    clock.pass(hour);
    await eventually(() => expect(heard).toEqual(['rebuild: the index is old enough', 'swapped 6']));
  });

  it('builds one that knows nothing of a source', async () => {
    const { catalog, index, indexing, heard } = openIndexing();
    await rebuildIndex({ writer: index, sources: [catalog] });
    expect(index.titles()).not.toContain('French Touch');
    indexing.start();
    await eventually(() => expect(index.titles()).toEqual(allTitles));
    expect(heard[0]).toBe('rebuild: the index knows nothing of playlists');
  });
});
