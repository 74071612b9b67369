import { describe, expect, it } from 'vitest';
import { openImportTarget } from './import-target.ts';
import { trackObject } from './source-folder.ts';

const { runJson, findTrack } = await openImportTarget();

describe('importing a JSON file of track objects', () => {
  it('brings in all that a track object has', async () => {
    const album = {
      id: 'sky',
      name: 'Sky',
      album_type: 'compilation',
      release_date: '1977-05',
      release_date_precision: 'month',
      label: 'Sun',
      copyrights: [
        { text: '© 1977 Sun', type: 'C' },
        { text: '℗ 1977 Sun', type: 'P' },
      ],
      external_ids: { upc: '00036000291452' },
      artists: [{ id: 'ann', name: 'Ann' }],
    };
    const { rejected, warnings, result } = await runJson([
      trackObject({
        album,
        artists: [
          { id: 'bob', name: 'Bob' },
          { id: 'ann', name: 'Ann' },
        ],
      }),
    ]);
    expect([...rejected, ...warnings]).toEqual([]);
    expect(result).toMatchObject({
      rowsRead: 1,
      artists: { added: 2 },
      albums: { added: 1 },
      tracks: { added: 1 },
    });
    const blue = await findTrack('blue');
    expect(blue).toMatchObject({
      durationMs: 211_240,
      explicit: true,
      isrc: 'USQX91602319',
      discNumber: 1,
      trackNumber: 4,
      popularity: 78,
      availableMarkets: ['DE', 'US'],
      album: {
        type: 'COMPILATION',
        releaseDate: new Date('1977-05-01'),
        releaseDatePrecision: 'MONTH',
        label: 'Sun',
        copyright: '℗ 1977 Sun',
        upc: '0036000291452',
      },
    });
    expect(blue?.artists.map(({ artist }) => artist.name)).toEqual(['Bob', 'Ann']);
  });

  it('reports bad items with their place, and imports the rest', async () => {
    const good = (id: string) => JSON.stringify(trackObject({ id, name: id }));
    const text = `[\n${[
      good('a'),
      JSON.stringify(trackObject({ duration_ms: -1 })),
      '{"id": broken}',
      '17',
      JSON.stringify(trackObject({ artists: [] })),
      JSON.stringify(trackObject({ type: 'episode' })),
      JSON.stringify(trackObject({ id: null })),
      JSON.stringify(trackObject({ name: 'lone \ud800' })),
      good('b'),
    ].join(',\n')}\n]`;
    const { rejected, result } = await runJson(`\ufeff${text}`);
    expect(rejected.map((line) => line.split(': ').slice(0, 2).join(': '))).toEqual([
      'tracks.json:3 (item 1): duration_ms must be a number 1 to 86400000, got -1',
      'tracks.json:4 (item 2): the item is not valid JSON',
      'tracks.json:5 (item 3): the item is not as in a track object',
      'tracks.json:6 (item 4): artists is not as in a track object',
      'tracks.json:7 (item 5): type is not as in a track object',
      'tracks.json:8 (item 6): id must be a text, got null',
      'tracks.json:9 (item 7): name holds a character that is none',
    ]);
    expect(result).toMatchObject({ rowsRead: 9, rejected: 7, tracks: { added: 2 } });
  });

  it('imports a track without a field that it cannot read, and warns', async () => {
    const { warnings, rejected } = await runJson([
      trackObject({
        popularity: 250,
        external_ids: { isrc: 'x' },
        available_markets: ['DE', 'XX', 5],
        album: { id: 'sky', name: 'Sky', release_date: '1977-02-31', album_type: 'cassette' },
      }),
    ]);
    expect(rejected).toEqual([]);
    expect(warnings.map((line) => line.replace('tracks.json:1 (item 0): ', ''))).toEqual([
      'album: album_type must be album, single, ep or compilation, got "cassette"; imported without it',
      'album: release_date must be a year, a month or a day (YYYY, YYYY-MM, YYYY-MM-DD), got "1977-02-31"; imported without it',
      'isrc must be an ISRC (ISO 3901), got "x"; imported without it',
      'popularity must be a whole number 0 to 100, got 250; imported without it',
      'available_markets has no countries of ISO 3166-1: XX, 5',
    ]);
    expect(await findTrack('blue')).toMatchObject({ popularity: 0, isrc: null, availableMarkets: ['DE'] });
  });

  it('gives --markets only to tracks of which the source does not say where they may be played', async () => {
    const { available_markets: _, ...silent } = trackObject({ id: 'silent' });
    const { result } = await runJson([silent, trackObject({ id: 'none', available_markets: [] })], {
      markets: ['FR'],
    });
    expect((await findTrack('silent'))?.availableMarkets).toEqual(['FR']);
    expect((await findTrack('none'))?.availableMarkets).toEqual([]);
    // It is told where: nowhere. --markets would not change that, so nobody is sent for it.
    expect(result.unplayable).toBe(0);
  });

  it('takes a flag for explicit unless it clearly says no', async () => {
    const flags = [true, 'YES', 1, false, 'no', 0, 'perhaps', 2, ['false'], { toString: 0 }];
    const { warnings } = await runJson(flags.map((explicit, at) => trackObject({ id: `t${at}`, explicit })));
    const explicit = await Promise.all(flags.map(async (_, at) => (await findTrack(`t${at}`))?.explicit));
    expect(explicit).toEqual([true, true, true, false, false, false, true, true, true, true]);
    expect(warnings).toHaveLength(4);
    expect(warnings[0]).toMatch(/explicit must be true or false, got "perhaps"; imported as explicit$/);
  });

  it('knows a file that was cut off', async () => {
    const { rejected, result } = await runJson(`[${JSON.stringify(trackObject())},{"id":"ha`);
    expect(rejected).toEqual(['tracks.json:1 (item 1): the file ends before its array does']);
    expect(result.tracks.added).toBe(1);
  });

  it.each(['{"tracks": []}', '', 'track_id,name\n'])(
    'refuses a file that holds no array: %s',
    async (text) => {
      await expect(runJson(text)).rejects.toThrow('tracks.json does not hold a JSON array of track objects');
    },
  );

  it('takes an empty array', async () => {
    expect((await runJson('[]')).result).toMatchObject({ rowsRead: 0, rejected: 0 });
  });

  describe('audio features', () => {
    const measured = {
      type: 'audio_features',
      id: 'blue',
      tempo: 118.211,
      energy: 0.842,
      valence: 0.428,
      danceability: 0.585,
      acousticness: 0.00242,
      instrumentalness: 0.00686,
      key: 9,
      loudness: -5.883,
      mode: 0,
    };

    it('are read from objects of their own, and from those within a track', async () => {
      const { type: _, id: __, ...within } = measured;
      const { rejected, warnings } = await runJson([
        trackObject(),
        measured,
        trackObject({ id: 'red', audio_features: { ...within, energy: 0.1 } }),
      ]);
      expect([...rejected, ...warnings]).toEqual([]);
      expect(await findTrack('blue')).toMatchObject({
        tempoBpm: 118.211,
        energy: 0.842,
        acousticness: 0.002,
      });
      expect((await findTrack('red'))?.energy).toBe(0.1);
    });

    it('cost the object of its own, and of a track that field, where one is none', async () => {
      const { rejected, warnings } = await runJson([
        trackObject(),
        { ...measured, valence: null },
        { ...measured, tempo: '0' },
        { ...measured, id: 'unknown' },
        trackObject({ id: 'red', audio_features: { energy: 0.1 } }),
        trackObject({ id: 'green', audio_features: null }),
      ]);
      expect(rejected).toEqual([
        expect.stringMatching(/item 1\): valence must be a number 0 to 1, got null$/),
        expect.stringMatching(/item 2\): tempo must be a number 20 to 300, got "0"$/),
      ]);
      expect(warnings).toEqual([
        expect.stringMatching(
          /item 4\): tempo must be a number 20 to 300, but is missing; imported without it$/,
        ),
        expect.stringMatching(/item 3\): there is no track unknown yet/),
      ]);
      for (const id of ['blue', 'red', 'green']) expect((await findTrack(id))?.energy).toBeNull();
    });
  });
});
