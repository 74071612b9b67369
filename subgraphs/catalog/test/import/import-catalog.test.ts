import { join } from 'node:path';
import { countryCodes } from '@medley/countries';
import { importedUuid } from '@medley/ids';
import { openTestDatabase } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPrismaCatalogWriter } from '../../src/adapters/prisma-catalog-writer.ts';
import type { CatalogWriter } from '../../src/domain/catalog-writer.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { type ImportOptions, importCatalog } from '../../src/import/import-catalog.ts';
import { formatProblem, type ImportProblem } from '../../src/import/import-problem.ts';
import { formatImportReport } from '../../src/import/import-report.ts';
import { csvFolder, trackObject, writeSource } from './source-folder.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let prisma: PrismaClient;
let writer: CatalogWriter;
beforeAll(async () => {
  database = await openTestDatabase('catalog');
  prisma = new PrismaClient({ adapter: database.adapter });
  writer = createPrismaCatalogWriter(prisma);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await database?.close();
});
beforeEach(() => empty());

const empty = () =>
  prisma.$executeRaw`TRUNCATE catalog.tracks, catalog.albums, catalog.artists, catalog.outbox, catalog.tombstones CASCADE`;

async function run(source: string, options: Partial<ImportOptions> = {}) {
  const rejected: string[] = [];
  const warnings: string[] = [];
  const note = (list: string[]) => (problem: ImportProblem) => void list.push(formatProblem(problem));
  const result = await importCatalog({
    source,
    markets: 'all',
    namespace: 'spotify',
    writer,
    onReject: note(rejected),
    onWarning: note(warnings),
    ...options,
  });
  return { result, rejected, warnings };
}

const runCsv = async (files: Readonly<Record<string, string | Buffer>>, options?: Partial<ImportOptions>) =>
  run(await writeSource(csvFolder(files)), options);
const runJson = async (content: unknown, options?: Partial<ImportOptions>) => {
  const text = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
  return run(join(await writeSource({ 'tracks.json': text }), 'tracks.json'), options);
};
const tracksCsv = (...rows: string[]) => ({
  'tracks.csv': `track_id,name,album_id,duration_s,artist_ids\n${rows.join('\n')}\n`,
});
const findTrack = (sourceId: string, namespace = 'spotify') =>
  prisma.track.findUnique({
    where: { id: importedUuid(namespace, 'track', sourceId) },
    include: { album: true, artists: { include: { artist: true }, orderBy: { position: 'asc' } } },
  });
const titles = async () =>
  (await prisma.track.findMany({ orderBy: { title: 'asc' } })).map(({ title }) => title);

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
});

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
});

describe('importing from several sources', () => {
  it('comes to the same catalog in every order', async () => {
    const csv = await writeSource(csvFolder(tracksCsv('blue,Blau,sky,211,bob;ann', 'red,Red,gone,180,bob')));
    const json = join(
      await writeSource({
        'a.json': JSON.stringify([trackObject(), trackObject({ id: 'green', name: 'Green' })]),
      }),
      'a.json',
    );
    const older = join(
      await writeSource(
        { 'b.json': JSON.stringify([trackObject({ name: 'Older', isrc: null })]) },
        new Date(0),
      ),
      'b.json',
    );
    const rowsAfter = async (...sources: string[]) => {
      await empty();
      for (const source of sources) await run(source, { markets: ['FR'] });
      const omit = { version: true };
      return {
        tracks: await prisma.track.findMany({
          omit,
          include: { artists: { orderBy: { position: 'asc' } } },
          orderBy: { id: 'asc' },
        }),
        albums: await prisma.album.findMany({
          omit,
          include: { artists: { orderBy: { position: 'asc' } } },
          orderBy: { id: 'asc' },
        }),
        artists: await prisma.artist.findMany({ omit, orderBy: { id: 'asc' } }),
      };
    };
    const expected = await rowsAfter(csv, json, older);
    expect(expected.tracks).toHaveLength(3);
    expect(await findTrack('blue')).toMatchObject({ title: 'Blue', durationMs: 211_240 });
    expect(await rowsAfter(csv, older, json)).toEqual(expected);
    expect(await rowsAfter(json, csv, older)).toEqual(expected);
    expect(await rowsAfter(older, json, csv, json)).toEqual(expected);
  });
});

describe('an import that is cut off', () => {
  const manyRows = () =>
    csvFolder(tracksCsv(...Array.from({ length: 3_500 }, (_, at) => `t${at},Track ${at},sky,200,ann`)));

  it('stops at a signal after the batch at hand, and is completed by running it again', async () => {
    const folder = await writeSource(manyRows());
    const abort = new AbortController();
    const { result } = await run(folder, {
      signal: abort.signal,
      onProgress: ({ file }) => {
        if (file === 'tracks.csv') abort.abort();
      },
    });
    expect(result).toMatchObject({ interrupted: true, tracks: { added: 1_000 } });
    expect(formatImportReport(result)).toContain('Interrupted.');
    const again = await run(folder);
    expect(again.result).toMatchObject({ interrupted: false, tracks: { added: 2_500, unchanged: 1_000 } });
  });

  it('is completed by running it again when the database failed under it', async () => {
    const folder = await writeSource(manyRows());
    let batches = 0;
    const failing: CatalogWriter = {
      ...writer,
      upsert: async (batch) => {
        batches += 1;
        if (batches > 4) throw new Error('connection lost');
        return writer.upsert(batch);
      },
    };
    await expect(run(folder, { writer: failing })).rejects.toThrow('connection lost');
    expect((await run(folder)).result.tracks).toEqual({ added: 1_500, changed: 0, unchanged: 2_000 });
    expect(await prisma.track.count()).toBe(3_500);
    expect((await run(folder)).result.tracks).toEqual({ added: 0, changed: 0, unchanged: 3_500 });
  });

  it('tells how far it is', async () => {
    const folder = await writeSource(manyRows());
    const seen: { bytesRead: number; bytesTotal: number; rowsRead: number }[] = [];
    await run(folder, { onProgress: (progress) => void seen.push(progress) });
    expect(seen.length).toBeGreaterThan(4);
    expect(seen.map(({ bytesRead }) => bytesRead)).toEqual(
      seen.map(({ bytesRead }) => bytesRead).sort((one, other) => one - other),
    );
    expect(seen.at(-1)).toMatchObject({ rowsRead: 3_503, bytesRead: seen[0]?.bytesTotal });
  });
});
