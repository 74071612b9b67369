import { join } from 'node:path';
import { countryCodes } from '@medley/countries';
import { describe, expect, it } from 'vitest';
import { formatImportReport } from '../../src/import/import-report.ts';
import { openImportTarget, tracksCsv } from './import-target.ts';
import { csvFolder, trackObject, writeSource } from './source-folder.ts';

const { prisma, empty, run, runCsv, runJson, findTrack, titles } = await openImportTarget();

describe('importing a folder of CSV files', () => {
  it('brings in artists, albums and tracks with their artists in order', async () => {
    const { result, rejected, warnings } = await runCsv({});
    expect(result).toMatchObject({
      rowsRead: 5,
      rejected: 0,
      warnings: 0,
      unplayable: 0,
      artists: { added: 2 },
      albums: { added: 1 },
      tracks: { added: 2 },
      interrupted: false,
    });
    expect([...rejected, ...warnings]).toEqual([]);
    const blue = await findTrack('blue');
    expect(blue).toMatchObject({
      title: 'Blue',
      durationMs: 211_000,
      popularity: 0,
      album: { title: 'Sky' },
    });
    expect(blue?.artists.map(({ artist }) => artist.name)).toEqual(['Ann', 'Bob']);
    expect(blue?.availableMarkets).toEqual(countryCodes);
  });

  it('changes nothing when it is run again, and says so', async () => {
    const folder = await writeSource(csvFolder());
    await run(folder);
    const changes = await prisma.outbox.count();
    const { result } = await run(folder);
    expect(result).toMatchObject({ tracks: { added: 0, changed: 0, unchanged: 2 }, rejected: 0 });
    expect(await prisma.outbox.count()).toBe(changes);
    expect(formatImportReport(result)).toContain('0 added, 0 changed');
    expect(formatImportReport(result)).toContain('Nothing changed');
  });

  it('leaves tracks unplayable without --markets, warns, and mends it when run with them', async () => {
    const folder = await writeSource(csvFolder());
    const { result } = await run(folder, { markets: null });
    expect(result.unplayable).toBe(2);
    expect(formatImportReport(result)).toContain('2 tracks may be played nowhere');
    const again = await run(folder, { markets: ['FR', 'DE'] });
    expect(again.result).toMatchObject({ unplayable: 0, tracks: { changed: 2 } });
    expect((await findTrack('blue'))?.availableMarkets).toEqual(['DE', 'FR']);
    await run(folder, { markets: null });
    expect((await findTrack('blue'))?.availableMarkets).toEqual(['DE', 'FR']);
  });

  it('keeps sources apart by their namespace', async () => {
    await runCsv({});
    await runCsv({}, { namespace: 'other' });
    expect(await prisma.track.count()).toBe(4);
    expect(await findTrack('blue', 'other')).not.toBeNull();
  });

  it('reads what real files have: byte order mark, CRLF, quotes, line breaks, other scripts', async () => {
    const { result, rejected } = await runCsv({
      'artists.csv': '\ufeffartist_id,name\r\nann,"Ann ""The Voice"" Lee, Jr."\r\nbob,椎名 林檎\r\n',
      ...tracksCsv(
        'blue,"Blue,\nin two lines",sky,211,ann',
        '',
        'red,12" Mix,sky,180,bob',
        'green,  Grün  ,sky,181.4,ann; bob ;',
      ),
    });
    expect(rejected).toEqual([]);
    expect(result.tracks.added).toBe(3);
    expect((await findTrack('blue'))?.title).toBe('Blue, in two lines');
    expect((await findTrack('blue'))?.artists[0]?.artist.name).toBe('Ann "The Voice" Lee, Jr.');
    expect((await findTrack('red'))?.title).toBe('12" Mix');
    const green = await findTrack('green');
    expect(green).toMatchObject({ title: 'Grün', durationMs: 181_400 });
    expect(green?.artists).toHaveLength(2);
  });

  it('reports each bad row with its file, line and reason, and imports the rest', async () => {
    const { result, rejected } = await runCsv(
      tracksCsv(
        'a,Good,sky,211,ann',
        'b,Negative,sky,-5,ann',
        'c,Clock,sky,25:61,ann',
        'd,Hex,sky,0x10,ann',
        'e,Endless,sky,99999999,ann',
        'f,,sky,211,ann',
        ',No id,sky,211,ann',
        'g,No artist,sky,211,;',
        'h,Too few',
        'i,One,too,many,cells,here',
        `j,${'x'.repeat(1_001)},sky,211,ann`,
        'k,Nul\0,sky,211,ann',
        'l,"Quote" goes on,sky,211,ann',
        'm,Also good,sky,212,bob',
      ),
    );
    expect(rejected).toEqual([
      'tracks.csv:3: duration_s must be a number of seconds up to 86400, got "-5"',
      'tracks.csv:4: duration_s must be a number of seconds up to 86400, got "25:61"',
      'tracks.csv:5: duration_s must be a number of seconds up to 86400, got "0x10"',
      'tracks.csv:6: duration_s must be a number of seconds up to 86400, got "99999999"',
      'tracks.csv:7: name is empty',
      'tracks.csv:8: track_id is empty',
      'tracks.csv:9: artist_ids must name an artist, got ";"',
      'tracks.csv:10: expected 5 cells, as the header has, got 2',
      'tracks.csv:11: expected 5 cells, as the header has, got 6',
      'tracks.csv:12: name is 1001 characters long; at most 1000 are taken',
      'tracks.csv:13: name holds a character that is none: NUL or half of a surrogate pair',
      'tracks.csv:14: a quoted cell goes on after its closing quote; quotes within it are doubled',
    ]);
    expect(result.rejected).toBe(12);
    expect(await titles()).toEqual(['Also good', 'Good']);
  });

  it('loses one row, not the rest of the file, to a quote that nobody closed', async () => {
    const rows = Array.from({ length: 60 }, (_, at) => `t${at},Track ${at},sky,200,ann`);
    const { rejected } = await runCsv(
      tracksCsv(
        'a,"Open,sky,211,ann',
        ...rows,
        'b,"Closed, well",sky,211,ann',
        'c,"Open at the end,sky,1,ann',
      ),
    );
    expect(rejected).toEqual([
      'tracks.csv:2: a quote is opened and not closed',
      'tracks.csv:64: a quote is opened and not closed',
    ]);
    expect(await prisma.track.count()).toBe(61);
  });

  it('rejects lines that are not UTF-8', async () => {
    const latin1 = Buffer.from('artist_id,name\nann,Ann\nbob,Bj\xf6rn\n', 'latin1');
    const { rejected, warnings } = await runCsv({ 'artists.csv': latin1 });
    expect(rejected).toEqual(['artists.csv:3: the line is not UTF-8, or longer than 1048576 bytes']);
    expect(warnings).toHaveLength(2);
  });

  it('keeps a track whose album or artist no file has, and warns', async () => {
    const { result, rejected, warnings } = await runCsv(tracksCsv('a,Lost,gone,211,ann;nobody'));
    expect(rejected).toEqual([]);
    expect(warnings).toEqual([
      'tracks.csv:2: no source describes album gone; until one does, it is called “Unknown album”',
      'tracks.csv:2: no source describes artist nobody; until one does, it is called “Unknown artist”',
    ]);
    expect(result.tracks.added).toBe(1);
    await runJson([trackObject({ id: 'other', album: { id: 'gone', name: 'Found' } })]);
    expect((await findTrack('a'))?.album?.title).toBe('Found');
  });

  it('takes an id that repeats once, whichever row comes first', async () => {
    const rows = ['a,One,sky,211,ann', 'a,Two,sky,212,ann'];
    await runCsv(tracksCsv(...rows));
    const first = await findTrack('a');
    await empty();
    await runCsv(tracksCsv(...rows.reverse()));
    expect(await findTrack('a')).toMatchObject({ title: first?.title, durationMs: first?.durationMs });
    expect(await prisma.track.count()).toBe(1);
  });

  it('takes a corrected file, and not an older one after it', async () => {
    const old = new Date('2020-01-01');
    const corrected = await writeSource(csvFolder(tracksCsv('blue,Corrected,sky,211,ann')));
    const outdated = await writeSource(csvFolder(tracksCsv('blue,Zzz outdated,sky,211,ann')), old);
    await run(outdated);
    expect(await titles()).toEqual(['Zzz outdated']);
    await run(corrected);
    await run(outdated);
    expect(await titles()).toEqual(['Corrected']);
  });

  it('reads more columns where a file has them, and warns about cells that it cannot use', async () => {
    const { warnings, rejected } = await runCsv({
      'albums.csv':
        'album_id,name,release_date,album_type,label,upc,artist_ids\nsky,Sky,1977,ep,Sun,036000291452,ann\n',
      'tracks.csv':
        'track_id,name,album_id,duration_s,artist_ids,isrc,explicit,available_markets,popularity\n' +
        'blue,Blue,sky,211,ann,us-qx9-16-02319,true,DE;fr;QQ,\n' +
        'red,Red,,211,ann,none,maybe,,101\n',
    });
    expect(rejected).toEqual([]);
    expect(warnings).toEqual([
      'tracks.csv:2: available_markets has no countries of ISO 3166-1: QQ',
      'tracks.csv:3: explicit must be true or false, got "maybe"; imported as explicit',
      'tracks.csv:3: isrc must be an ISRC (ISO 3901), got "none"; imported without it',
      'tracks.csv:3: popularity must be a whole number 0 to 100, got "101"; imported without it',
    ]);
    expect(await findTrack('blue')).toMatchObject({
      isrc: 'USQX91602319',
      explicit: true,
      availableMarkets: ['DE', 'FR'],
      album: { type: 'EP', label: 'Sun', releaseDate: new Date('1977-01-01'), releaseDatePrecision: 'YEAR' },
    });
    expect(await findTrack('red')).toMatchObject({ albumId: null, isrc: null, explicit: true });
  });

  const explicitOf = async (cells: readonly unknown[]) =>
    Promise.all(cells.map(async (cell) => (await findTrack(`flag ${cell}`))?.explicit));
  const yes = ['TRUE', 'Yes', 't', 'Y', '1'];
  const no = ['FALSE', 'No', 'f', 'N', '0'];
  const unclear = ['Explicit', 'maybe', '-1', 'ja'];

  it('takes a flag for explicit unless it clearly says no, and warns where it is unclear', async () => {
    const flags = [...yes, ...no, ...unclear, '', ' '];
    const rows = flags.map((flag) => `flag ${flag.trim()},Flag,,211,ann,${flag}\n`);
    const { warnings } = await runCsv({
      'tracks.csv': `track_id,name,album_id,duration_s,artist_ids,explicit\n${rows.join('')}`,
    });
    expect(await explicitOf(yes)).toEqual(yes.map(() => true));
    expect(await explicitOf(no)).toEqual(no.map(() => false));
    expect(await explicitOf(unclear)).toEqual(unclear.map(() => true));
    expect(warnings).toEqual(
      unclear.map(
        (flag, at) =>
          `tracks.csv:${12 + at}: explicit must be true or false, got "${flag}"; imported as explicit`,
      ),
    );
  });

  it('gives --markets to tracks whose cell says nothing, and to none whose cell names a country', async () => {
    const files = {
      'tracks.csv':
        'track_id,name,album_id,duration_s,artist_ids,available_markets\n' +
        'empty,Empty,,211,ann,\nblank,Blank,,211,ann, ; \nnone,None,,211,ann,QQ\nde,De,,211,ann,DE\n',
    };
    const silent = await runCsv(files, { markets: null });
    expect(silent.result.unplayable).toBe(2);
    expect(formatImportReport(silent.result)).toContain('2 tracks may be played nowhere');
    const { result, warnings } = await runCsv(files, { markets: ['FR'] });
    expect(warnings).toEqual(['tracks.csv:4: available_markets has no countries of ISO 3166-1: QQ']);
    expect(result.unplayable).toBe(0);
    expect(formatImportReport(result)).not.toContain('--markets');
    const markets = async (id: string) => (await findTrack(id))?.availableMarkets;
    expect(await Promise.all(['empty', 'blank', 'none', 'de'].map(markets))).toEqual([
      ['FR'],
      ['FR'],
      [],
      ['DE'],
    ]);
  });

  it.each([
    ['there is no such source', 'nowhere', /there is nothing at .*nowhere/],
    ['a file is missing', { 'albums.csv': undefined }, /has no albums\.csv/],
    ['a file is empty', { 'albums.csv': '' }, /albums\.csv is empty; expected a header with album_id, name/],
    [
      'a column is missing',
      { 'tracks.csv': 'track_id,name\n' },
      /tracks\.csv has no column album_id, duration_s/,
    ],
    ['a column is there twice', { 'albums.csv': 'album_id,name,Name\n' }, /has the column name twice/],
    ['it is UTF-16', { 'albums.csv': Buffer.from('\ufeffalbum_id,name\n', 'utf16le') }, /albums\.csv/],
  ])('says at once, and writes nothing, when %s', async (_, files, message) => {
    const wanted = typeof files === 'string' ? {} : csvFolder(files as Record<string, string>);
    const present = Object.entries(wanted).filter(([, content]) => content !== undefined);
    const folder = await writeSource(Object.fromEntries(present) as Record<string, string>);
    await expect(run(typeof files === 'string' ? join(folder, files) : folder)).rejects.toThrow(message);
    expect(await prisma.artist.count()).toBe(0);
  });

  describe('audio features', () => {
    const header = 'track_id,tempo,energy,valence,danceability,acousticness,instrumentalness';
    const file = (...rows: string[]) => ({ 'audio_features.csv': `${header}\n${rows.join('\n')}\n` });

    it('are read from a file of their own', async () => {
      const { result, rejected, warnings } = await runCsv(file('blue,118.211,0.5,0.12345,1,1.43e-05,0'));
      expect([...rejected, ...warnings]).toEqual([]);
      expect(result).toMatchObject({ rowsRead: 6, tracks: { added: 2, changed: 1 } });
      expect(await findTrack('blue')).toMatchObject({
        tempoBpm: 118.211,
        energy: 0.5,
        valence: 0.123,
        danceability: 1,
        acousticness: 0,
        instrumentalness: 0,
      });
      expect((await findTrack('red'))?.energy).toBeNull();
    });

    it('lose the row, and no other, to a value that is none', async () => {
      const good = '0.5,0.5,0.5,0.5,0.5';
      const { rejected, warnings } = await runCsv(
        file(
          `blue,0,${good}`,
          `blue,fast,${good}`,
          `blue,120,1.01,0.5,0.5,0.5,0.5`,
          `blue,120,0.5,-0.1,0.5,0.5,0.5`,
          `blue,120,0.5,0.5,NaN,0.5,0.5`,
          `blue,120,0.5,0.5,0.5,,0.5`,
          `,120,${good}`,
          `blue,120,0.5`,
          `nobody,120,${good}`,
          `red,120,${good}`,
        ),
      );
      expect(rejected).toEqual([
        'audio_features.csv:2: tempo must be a number 20 to 300, got "0"',
        'audio_features.csv:3: tempo must be a number 20 to 300, got "fast"',
        'audio_features.csv:4: energy must be a number 0 to 1, got "1.01"',
        'audio_features.csv:5: valence must be a number 0 to 1, got "-0.1"',
        'audio_features.csv:6: danceability must be a number 0 to 1, got "NaN"',
        'audio_features.csv:7: acousticness must be a number 0 to 1, got ""',
        'audio_features.csv:8: track_id is empty',
        'audio_features.csv:9: expected 7 cells, as the header has, got 3',
      ]);
      expect(warnings).toEqual([
        'audio_features.csv:10: there is no track nobody yet to which these audio features belong: import it, then these again',
      ]);
      expect((await findTrack('blue'))?.energy).toBeNull();
      expect((await findTrack('red'))?.tempoBpm).toBe(120);
    });

    it('are read from columns of tracks, all six or none', async () => {
      const columns =
        'track_id,name,album_id,duration_s,artist_ids,tempo,energy,valence,danceability,acousticness';
      const { rejected, warnings } = await runCsv({
        'tracks.csv': [
          `${columns},instrumentalness`,
          'blue,Blue,sky,211,ann,120,0.5,0.5,0.5,0.5,0.5',
          'red,Red,sky,180,bob,,,,,,',
          'green,Green,sky,180,bob,120,0.5,,0.5,0.5,0.5',
          '',
        ].join('\n'),
      });
      expect(rejected).toEqual([]);
      expect(warnings).toEqual([
        'tracks.csv:4: valence must be a number 0 to 1, got ""; imported without it',
      ]);
      expect((await findTrack('blue'))?.energy).toBe(0.5);
      expect((await findTrack('red'))?.energy).toBeNull();
      expect((await findTrack('green'))?.energy).toBeNull();
    });

    it('are refused at once where a column is missing', async () => {
      await expect(runCsv({ 'audio_features.csv': 'track_id,tempo,energy\n' })).rejects.toThrow('valence');
    });
  });
});
