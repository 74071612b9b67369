import { describe, expect, it } from 'vitest';
import { allTitles, eventually, openFollowing, openIndexing } from './indexing-under-test.ts';

describe('the index that is followed', () => {
  it('gets what is new, and what was changed', async () => {
    const { catalog, index, daftPunk, aerodynamic } = await openFollowing();
    const around = catalog.putTrack(4, 'Around the World', daftPunk);
    catalog.putTrack(1, 'Aerodynamic (live)', daftPunk);
    await eventually(() => {
      expect(index.document(around)?.title).toBe('Around the World');
      expect(index.document(aerodynamic)?.title).toBe('Aerodynamic (live)');
    });
  });

  it('says the new name of an artist at all tracks, and at no other', async () => {
    const { catalog, index, aerodynamic, veridis, sexyBoy } = await openFollowing();
    catalog.putArtist(1, 'Daft Punk & Friends');
    await eventually(() => {
      for (const track of [aerodynamic, veridis])
        expect(index.document(track)?.artistNames).toEqual(['Daft Punk & Friends']);
    });
    expect(index.writes.flatMap(({ put }) => put.map(({ id }) => id))).not.toContain(sexyBoy);
  });

  it('asks for what repeats something of a thing only when that is not new', async () => {
    const { catalog, index } = await openFollowing();
    const asked: string[] = [];
    const dependentsOf = catalog.dependentsOf.bind(catalog);
    catalog.dependentsOf = (id) => {
      asked.push(id);
      return dependentsOf(id);
    };
    const justice = catalog.putArtist(3, 'Justice');
    catalog.putTrack(4, 'Genesis', justice);
    await eventually(() => expect(index.titles()).toEqual(expect.arrayContaining(['Justice', 'Genesis'])));
    expect(asked).toEqual([]);
    catalog.putArtist(3, 'JUSTICE');
    await eventually(() => expect(index.titles()).toContain('JUSTICE'));
    expect(asked).toEqual([justice]);
  });

  it('reaches all tracks of somebody who made thousands', async () => {
    const { catalog, index, air } = await openFollowing();
    const tracks = Array.from({ length: 1_300 }, (_, number) =>
      catalog.putTrack(100 + number, `T${number}`, air),
    );
    await eventually(() => expect(index.document(tracks.at(-1) as string)).toBeDefined());
    index.writes.length = 0;
    catalog.putArtist(2, 'Air (band)');
    await eventually(() => {
      expect(tracks.filter((id) => index.document(id)?.artistNames[0] !== 'Air (band)')).toEqual([]);
    });
    expect(Math.max(...index.writes.map(({ put }) => put.length))).toBeLessThanOrEqual(1_000);
    await eventually(async () =>
      expect((await index.readState()).positions.catalog).toBe(catalog.lastPosition),
    );
  });

  it('asks and writes in batches of the size that it is told', async () => {
    const { catalog, index, air } = await openFollowing({ batchSize: 100 });
    const tracks = Array.from({ length: 450 }, (_, number) =>
      catalog.putTrack(100 + number, `T${number}`, air),
    );
    catalog.putArtist(2, 'Air (band)');
    await eventually(() => {
      expect(tracks.filter((id) => index.document(id)?.artistNames[0] !== 'Air (band)')).toEqual([]);
    });
    expect(Math.max(...index.writes.map(({ put }) => put.length))).toBe(100);
  });

  it('knows in which markets an artist can be heard, which the tracks decide', async () => {
    const { catalog, index, daftPunk, air, sexyBoy } = await openFollowing();
    catalog.putTrack(1, 'Aerodynamic', daftPunk, ['DE', 'BR']);
    await eventually(() => expect(index.document(daftPunk)?.markets).toEqual(['DE', 'BR']));
    catalog.deleteTrack(sexyBoy);
    await eventually(() => expect(index.document(air)?.markets).toEqual([]));
  });

  it('loses what was deleted', async () => {
    const { catalog, index, aerodynamic } = await openFollowing();
    catalog.deleteTrack(aerodynamic);
    await eventually(() => expect(index.document(aerodynamic)).toBeUndefined());
    expect(index.titles()).toEqual(allTitles.filter((title) => title !== 'Aerodynamic'));
  });

  it('loses a playlist that was made private, and gets it back when it is public again', async () => {
    const { playlists, index, french } = await openFollowing();
    playlists.put(1, 'French Touch', false);
    await eventually(() => expect(index.document(french)).toBeUndefined());
    playlists.put(1, 'French Touch 2');
    await eventually(() => expect(index.document(french)?.title).toBe('French Touch 2'));
  });

  it('is none the worse for changes that come again, late and in another order', async () => {
    const { catalog, playlists, index, aerodynamic } = await openFollowing();
    catalog.putArtist(1, 'Thomas & Guy-Manuel');
    catalog.deleteTrack(aerodynamic);
    playlists.put(1, 'Private', false);
    const expected = ['Air', 'Sexy Boy', 'Thomas & Guy-Manuel', 'Veridis Quo'];
    await eventually(() => expect(index.titles()).toEqual(expected));
    for (const source of [catalog, playlists]) source.replay();
    await eventually(async () => {
      const { positions } = await index.readState();
      expect(positions).toEqual({ catalog: catalog.lastPosition, playlists: playlists.lastPosition });
    });
    expect(index.titles()).toEqual(expected);
  });

  it('notes a position only with or behind the documents that it stands for', async () => {
    const { catalog, index, air } = await openFollowing();
    const known = new Set<string>();
    index.beforeWrite = ({ put, positions }) => {
      for (const { id } of put) known.add(id);
      if (positions.catalog === undefined) return;
      const late = tracks.filter((id) => !known.has(id));
      expect(late).toEqual([]);
    };
    const tracks = Array.from({ length: 700 }, (_, number) =>
      catalog.putTrack(100 + number, `T${number}`, air),
    );
    // One round has 500 of them: let the position of the second be looked at.
    tracks.length = 500;
    catalog.putArtist(2, 'Air!');
    await eventually(async () =>
      expect((await index.readState()).positions.catalog).toBe(catalog.lastPosition),
    );
    expect(known.size).toBeGreaterThan(500);
  });
});

describe('following', () => {
  it('goes on from the position in the index after a restart', async () => {
    const first = await openFollowing();
    await first.indexing.stop();
    first.catalog.putArtist(3, 'Justice');
    const asked: string[] = [];
    const second = openIndexing({ index: first.index });
    second.catalog.beforeChanges = (position) => {
      asked.push(position);
    };
    second.catalog.putArtist(3, 'Justice');
    second.indexing.start();
    await eventually(() => expect(first.index.titles()).toContain('Justice'));
    expect(asked[0]).toBe('5');
    expect(second.heard).toEqual([]);
  });

  it('of one source goes on while the other is away, and catches up when it is back', async () => {
    const { catalog, playlists, index, indexing, heard } = await openFollowing();
    await eventually(async () => expect((await indexing.status()).sources[0]?.lagMs).toBe(0));
    catalog.away = true;
    catalog.putArtist(3, 'Justice');
    playlists.put(2, 'Disco');
    await eventually(() => expect(index.titles()).toContain('Disco'));
    await eventually(() => expect(heard).toContain('following catalog failed'));
    const [of, other] = (await indexing.status()).sources;
    expect(of).toMatchObject({ name: 'catalog', lagMs: null });
    expect(other).toMatchObject({ name: 'playlists', lagMs: 0 });
    expect(index.titles()).not.toContain('Justice');
    catalog.away = false;
    await eventually(() => expect(index.titles()).toContain('Justice'));
    await eventually(async () => expect((await indexing.status()).sources[0]?.lagMs).toBe(0));
  });

  it('survives an index that is away, and says how old the oldest change is that waits for it', async () => {
    const { catalog, index, indexing, clock } = await openFollowing();
    index.beforeWrite = () => {
      throw new Error('disk full');
    };
    catalog.putArtist(3, 'Justice');
    clock.pass(5_000);
    catalog.putArtist(4, 'Cassius');
    await eventually(async () => {
      expect((await indexing.status()).sources[0]).toMatchObject({
        lagMs: 5_000,
        lastAskedAt: new Date(clock.now()),
      });
    });
    index.fault = 'away';
    index.beforeWrite = () => {};
    clock.pass(1_000);
    await new Promise((resolve) => setTimeout(resolve, 30));
    index.fault = null;
    await eventually(() => expect(index.titles()).toEqual(expect.arrayContaining(['Justice', 'Cassius'])));
  });

  it('tries less and less often what fails', async () => {
    const { catalog, heard } = await openFollowing();
    const start = performance.now();
    catalog.away = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
    const elapsedMs = performance.now() - start;
    const failures = heard.filter((line) => line === 'following catalog failed').length;
    // At once, then after 2, 4, 8 … ms.
    expect(failures).toBeGreaterThan(1);
    expect(failures).toBeLessThanOrEqual(Math.log2(elapsedMs + 2));
  });

  it('goes on from where an index stands that went back to an older state', async () => {
    const { catalog, index } = await openFollowing();
    const goBack = index.copy();
    catalog.putArtist(3, 'Justice');
    await eventually(() => expect(index.titles()).toContain('Justice'));
    goBack();
    expect(index.titles()).not.toContain('Justice');
    await eventually(() => expect(index.titles()).toContain('Justice'));
  });

  it('loses nothing when the index goes back in the middle of a change of thousands', async () => {
    const { catalog, index, air } = await openFollowing();
    const tracks = Array.from({ length: 1_300 }, (_, number) =>
      catalog.putTrack(100 + number, `T${number}`, air),
    );
    await eventually(() => expect(index.document(tracks.at(-1) as string)).toBeDefined());
    const goBack = index.copy();
    const write = index.write.bind(index);
    let writes = 0;
    index.write = async (changes) => {
      await write(changes);
      writes += 1;
      if (writes === 3) goBack();
    };
    catalog.putArtist(2, 'Air (band)');
    await eventually(async () =>
      expect((await index.readState()).positions.catalog).toBe(catalog.lastPosition),
    );
    expect(tracks.filter((id) => index.document(id)?.artistNames[0] !== 'Air (band)')).toEqual([]);
  });

  it('complains of a source whose changes never get on, and does not spin', async () => {
    const { catalog, errors, index } = await openFollowing();
    let asked = 0;
    const stuck = {
      position: catalog.lastPosition,
      id: 'track_x',
      partOf: [],
      isNew: false,
      time: new Date(),
    };
    catalog.changesSince = async () => {
      asked += 1;
      return [stuck];
    };
    await eventually(() => expect(String(errors[0])).toContain('nobody would ever get on'));
    expect(asked).toBeLessThan(10);
    expect((await index.readState()).positions.catalog).toBe(catalog.lastPosition);
  });

  it('ends when it is stopped, in the middle of a long change too', async () => {
    const { catalog, index, indexing, air } = await openFollowing();
    for (let number = 0; number < 2_000; number += 1) catalog.putTrack(100 + number, `T${number}`, air);
    await eventually(() => expect(index.writes.length).toBeGreaterThan(0));
    await indexing.stop();
    const written = index.writes.length;
    catalog.putArtist(9, 'Late');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(index.writes.length).toBe(written);
  });
});
