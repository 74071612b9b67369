import { join } from 'node:path';
import { encodeId, importedUuid, newUuid } from '@medley/ids';
import { describe, expect, it } from 'vitest';
import type { PlaylistWriter } from '../../src/domain/playlist-writer.ts';
import type { ImportProgress } from '../../src/import/import-playlists.ts';
import { formatImportProgress, formatImportReport } from '../../src/import/import-report.ts';
import { mix, openImportTarget, trackId, tracksOf, writeSource } from './import-target.ts';

const { prisma, writer, ownerId, run, runFiles, findPlaylist, findItems, findTracks } =
  await openImportTarget();

const operations = () => prisma.operation.count();

describe('importing playlists', () => {
  it('makes public playlists of the owner, with what is in them now, by when it was added', async () => {
    const { result, rejected, warnings } = await runFiles(
      mix('later,2021-02-01,', 'gone,2020-01-01,2020-02-01', 'first,2020-05-01,', 'same day,2021-02-01,'),
    );
    expect([...rejected, ...warnings]).toEqual([]);
    expect(result).toMatchObject({
      rowsRead: 5,
      playlists: { added: 1, changed: 0, unchanged: 0 },
      items: { added: 3, removed: 0, leftOut: 0 },
      interrupted: false,
    });
    expect(await findPlaylist('mix')).toMatchObject({
      ownerId,
      name: 'Sunday Mix',
      description: 'Slow and warm.',
      privacy: 'PUBLIC',
      createdAt: new Date('2020-01-01'),
      itemCount: 3,
    });
    const items = await findItems('mix');
    expect(items.map(({ trackId }) => trackId)).toEqual(['first', 'later', 'same day'].map(trackId));
    expect(items.map(({ addedAt }) => addedAt)).toEqual(
      ['2020-05-01', '2021-02-01', '2021-02-01'].map((day) => new Date(day)),
    );
    expect(items.map(({ addedBy }) => addedBy)).toEqual([null, null, null]);
  });

  it('tells those who follow playlists, as edits of people do', async () => {
    await runFiles(mix('one,2020-01-01,'));
    const [operation, ...others] = await prisma.operation.findMany();
    expect(others).toEqual([]);
    expect(operation).toMatchObject({
      playlistId: importedUuid('spotify', 'playlist', 'mix'),
      actorId: null,
      type: 'CREATE',
    });
  });

  it('has a track once that was added again, from then on', async () => {
    const { warnings } = await runFiles(
      mix(
        'blue,2020-01-01,2020-02-01',
        'red,2020-05-01,',
        'blue,2020-04-01,',
        'pink,2020-03-01,',
        'red,2020-03-01,',
      ),
    );
    const items = await findItems('mix');
    expect(items.map(({ trackId, addedAt }) => [trackId, addedAt])).toEqual([
      [trackId('pink'), new Date('2020-03-01')],
      [trackId('red'), new Date('2020-03-01')],
      [trackId('blue'), new Date('2020-04-01')],
    ]);
    expect(warnings).toEqual([
      'playlist_tracks.csv:6: track red is in playlist mix twice; taken once, as it was added first',
    ]);
  });

  it('changes nothing when it is run again, and says so', async () => {
    const folder = await writeSource(mix('blue,2020-01-01,', 'red,2020-03-01,', 'old,2020-01-01,2020-01-01'));
    await run(folder);
    const before = [await findPlaylist('mix'), await findItems('mix'), await operations()];
    const { result } = await run(folder);
    expect(result).toMatchObject({ playlists: { added: 0, changed: 0, unchanged: 1 } });
    expect([await findPlaylist('mix'), await findItems('mix'), await operations()]).toEqual(before);
    expect(formatImportReport(result)).toContain('Nothing changed');
  });

  it('picks up what has changed in the source', async () => {
    await runFiles(mix('blue,2020-01-01,', 'red,2020-03-01,', 'green,2020-04-01,'));
    const { result } = await runFiles({
      'playlists.csv': 'playlist_id,title,description\nmix,Monday Mix,\n',
      'playlist_tracks.csv': tracksOf(
        'mix',
        'blue,2020-01-01,2020-05-01',
        'red,2020-03-01,',
        'green,2020-04-01,2020-05-01',
        'green,2020-06-01,',
        'new,2020-05-01,',
      ),
    });
    expect(result).toMatchObject({
      playlists: { added: 0, changed: 1, unchanged: 0 },
      items: { added: 2, removed: 2, leftOut: 0 },
    });
    expect(await findPlaylist('mix')).toMatchObject({ name: 'Monday Mix', description: null, itemCount: 3 });
    expect(await findTracks('mix')).toEqual(['red', 'new', 'green'].map(trackId));
  });

  it('leaves alone what people added here, and what they removed', async () => {
    const folder = await writeSource(mix('blue,2020-01-01,', 'red,2020-03-01,'));
    await run(folder);
    const playlistId = importedUuid('spotify', 'playlist', 'mix');
    const [blue, red] = await findItems('mix');
    await prisma.playlistItem.create({
      data: {
        ...(red as NonNullable<typeof red>),
        id: newUuid(),
        trackId: trackId('mine'),
        addedBy: ownerId,
        position: 'zzz1',
      },
    });
    await prisma.playlistItem.update({
      where: { playlistId_id: { playlistId, id: blue?.id as string } },
      data: { removedAt: new Date() },
    });
    const before = await operations();
    const { result } = await run(folder);
    expect(result).toMatchObject({
      playlists: { unchanged: 1 },
      items: { added: 0, removed: 0, leftOut: 1 },
    });
    expect(await findTracks('mix')).toEqual(['red', 'mine'].map(trackId));
    expect(await operations()).toBe(before);
    expect(formatImportReport(result)).toContain('1 item of the source were removed here earlier');
  });

  it('takes the albums of tracks from tracks.csv, where there is one', async () => {
    await runFiles({
      ...mix('blue,2020-01-01,', 'red,2020-03-01,'),
      'tracks.csv': 'track_id,name,album_id\nblue,Blue,sky\nother,Other,sea\n"broken\n',
    });
    expect((await findItems('mix')).map(({ albumId }) => albumId)).toEqual([
      importedUuid('spotify', 'album', 'sky'),
      null,
    ]);
  });

  it('keeps sources apart by their namespace', async () => {
    await runFiles(mix('blue,2020-01-01,'));
    await runFiles(mix('blue,2020-01-01,'), { namespace: 'other' });
    expect(await prisma.playlist.count()).toBe(2);
  });

  it('takes rows of one playlist wherever they stand', async () => {
    const { rejected } = await runFiles({
      'playlists.csv': 'title,playlist_id\nOne,one\nTwo,two\nEmpty,empty\n',
      'playlist_tracks.csv':
        'track_id,playlist_id,removed,added\nb,two,,2020-01-02\na,one,,2020-01-01\nc,two,,2020-01-01T10:00:00Z\nb,one,,2020-01-01\n',
    });
    expect(rejected).toEqual([]);
    expect(await findTracks('one')).toEqual(['a', 'b'].map(trackId));
    expect(await findTracks('two')).toEqual(['c', 'b'].map(trackId));
    expect(await findTracks('empty')).toEqual([]);
  });
});

describe('rows of a source', () => {
  it('are rejected one by one, each with its file, line and reason, and the rest goes in', async () => {
    const { result, rejected } = await runFiles({
      'playlists.csv': 'playlist_id,title\nmix,Mix\n,Nameless\nempty, \nmix,Again\nfew\n',
      'playlist_tracks.csv': tracksOf(
        'mix',
        'good,2020-01-01,',
        ',2020-01-01,',
        'no date,,',
        'no day,2020-02-31,',
        'german,1.2.2020,',
        'month,2020-02,',
        'backwards,2020-02-02,2020-02-01',
        'until when,2020-02-02,soon',
        'few,2020-02-02',
      ).concat('other,blue,2020-01-01,\nempty,blue,2020-01-01,\nmix,also good,2020-01-01T10:00:00+02:00,\n'),
    });
    expect(rejected).toEqual([
      'playlists.csv:3: playlist_id is empty',
      'playlists.csv:4: title is empty',
      'playlists.csv:5: playlist mix is on line 2 already',
      'playlists.csv:6: expected 2 cells, as the header has, got 1',
      'playlist_tracks.csv:3: track_id is empty',
      'playlist_tracks.csv:4: added must be a day or a moment (YYYY-MM-DD), got ""',
      'playlist_tracks.csv:5: added must be a day or a moment (YYYY-MM-DD), got "2020-02-31"',
      'playlist_tracks.csv:6: added must be a day or a moment (YYYY-MM-DD), got "1.2.2020"',
      'playlist_tracks.csv:7: added must be a day or a moment (YYYY-MM-DD), got "2020-02"',
      'playlist_tracks.csv:8: removed must not lie before added, got "2020-02-01" and "2020-02-02"',
      'playlist_tracks.csv:9: removed must be a day or a moment (YYYY-MM-DD), got "soon"',
      'playlist_tracks.csv:10: expected 4 cells, as the header has, got 3',
      'playlist_tracks.csv:11: playlists.csv has no playlist other',
      'playlist_tracks.csv:12: playlist empty was rejected: playlists.csv:4',
    ]);
    expect(result).toMatchObject({ rowsRead: 17, rejected: 14, playlists: { added: 1 } });
    expect(await findTracks('mix')).toEqual(['good', 'also good'].map(trackId));
  });

  it('become plain text, cut to what a playlist takes, with a warning', async () => {
    const { warnings, rejected } = await runFiles({
      'playlists.csv': [
        'playlist_id,file,title,description',
        `html,,Rock &#x2F; Pop &amp; more,"The <a href=""x:y"">finest</a> &lt;3 of\nElohim & Big Freedia &#128512; &bogus;"`,
        `long,,${'é'.repeat(99)}👍🏽x,${'y '.repeat(200)}`,
        `file,From its file,,`,
        '',
      ].join('\n'),
      'playlist_tracks.csv': tracksOf('html'),
    });
    expect(rejected).toEqual([]);
    expect(warnings).toEqual([
      'playlists.csv:4: title is 102 characters long; cut to 100',
      'playlists.csv:4: description is 399 characters long; cut to 300',
      'playlists.csv:5: title is empty; called “From its file”, as its file is',
    ]);
    expect(await findPlaylist('html')).toMatchObject({
      name: 'Rock / Pop & more',
      description: 'The finest <3 of Elohim & Big Freedia 😀 &bogus;',
    });
    const long = await findPlaylist('long');
    expect(long.name).toBe(`${'é'.repeat(99)}…`);
    expect([...(long.description ?? '')]).toHaveLength(300);
    expect(await findPlaylist('file')).toMatchObject({ name: 'From its file', description: null });
  });

  it('make no playlist of more than 10,000 items, which is said and costs no other', async () => {
    const rows = (count: number) => Array.from({ length: count }, (_, at) => `t${at},2020-01-01,`);
    const { result, rejected } = await runFiles({
      'playlists.csv': 'playlist_id,title\nmix,Too long\nfits,Fits\n',
      'playlist_tracks.csv': tracksOf('mix', ...rows(10_001)).concat(
        tracksOf('fits', ...rows(10_000))
          .split('\n')
          .slice(1)
          .join('\n'),
      ),
    });
    expect(rejected).toEqual([
      'playlists.csv:2: playlist mix: it has 10001 tracks; a playlist holds at most 10000',
    ]);
    expect(result).toMatchObject({ playlists: { added: 1 }, items: { added: 10_000 } });
    expect(await findPlaylist('fits')).toMatchObject({ itemCount: 10_000 });
    expect(await findTracks('fits')).toEqual(rows(10_000).map((row) => trackId(row.split(',')[0] as string)));
    // No transaction wrote more than 1,000 of them.
    expect(await operations()).toBe(10);
  });

  it('bring back no playlist that was deleted here, and take none that is somebody else’s', async () => {
    const folder = await writeSource(mix('blue,2020-01-01,'));
    await run(folder);
    const stranger = await run(folder, { owner: encodeId('user', newUuid()) });
    expect(stranger.rejected).toEqual([
      'playlists.csv:2: playlist mix: it is here already, and somebody else’s',
    ]);
    expect(await findPlaylist('mix')).toMatchObject({ ownerId });
    await prisma.playlist.updateMany({ data: { deletedAt: new Date() } });
    expect((await run(folder)).rejected).toEqual([
      'playlists.csv:2: playlist mix: it was deleted here, and stays deleted',
    ]);
  });

  it.each([
    ['there is no such folder', null, /there is no folder at .*nowhere/],
    ['a file is missing', { 'playlist_tracks.csv': undefined }, /has no playlist_tracks\.csv/],
    [
      'a file is empty',
      { 'playlists.csv': '' },
      /playlists\.csv is empty; expected a header with playlist_id, title/,
    ],
    [
      'a column is missing',
      { 'playlist_tracks.csv': 'playlist_id,track_id\n' },
      /playlist_tracks\.csv has no column added, removed/,
    ],
  ])('are not looked at, and nothing is written, when %s', async (_, files, message) => {
    const present = Object.entries({ ...mix('blue,2020-01-01,'), ...files }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const folder = await writeSource(Object.fromEntries(present));
    await expect(run(files ? folder : join(folder, 'nowhere'))).rejects.toThrow(message);
    expect(await prisma.playlist.count()).toBe(0);
  });
});

describe('an import that is cut off', () => {
  const names = Array.from({ length: 12 }, (_, at) => `p${at}`);
  const many = () =>
    writeSource({
      'playlists.csv': `playlist_id,title\n${names.map((name) => `${name},${name}\n`).join('')}`,
      'playlist_tracks.csv': `playlist_id,track_id,added,removed\n${names.map((name) => `${name},t,2020-01-01,\n`).join('')}`,
    });

  it('stops at a signal after the playlist at hand, and is completed by running it again', async () => {
    const folder = await many();
    const abort = new AbortController();
    const { result } = await run(folder, {
      signal: abort.signal,
      onProgress: ({ playlistsWritten }) => {
        if (playlistsWritten === 5) abort.abort();
      },
    });
    expect(result).toMatchObject({ interrupted: true, playlists: { added: 5 } });
    expect(formatImportReport(result)).toContain('Interrupted.');
    expect((await run(folder)).result).toMatchObject({
      interrupted: false,
      playlists: { added: 7, unchanged: 5 },
    });
  });

  it('stops while it reads', async () => {
    const { result } = await run(await many(), { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ interrupted: true, playlists: { added: 0 } });
  });

  it('is completed by running it again when the database failed in the middle of a playlist', async () => {
    const rows = Array.from({ length: 2_500 }, (_, at) => `t${at},2020-01-01,`);
    const folder = await writeSource(mix(...rows));
    // The first thousand items are in, and then no more.
    const cut: PlaylistWriter = {
      async write(playlist) {
        await writer.write({ ...playlist, items: playlist.items.slice(0, 1_000) });
        throw new Error('connection lost');
      },
    };
    await expect(run(folder, { writer: cut })).rejects.toThrow('connection lost');
    expect((await run(folder)).result).toMatchObject({ playlists: { changed: 1 }, items: { added: 1_500 } });
    expect(await findTracks('mix')).toEqual(rows.map((row) => trackId(row.split(',')[0] as string)));
  });

  it('tells how far it is', async () => {
    const seen: ImportProgress[] = [];
    await run(await many(), { onProgress: (progress) => void seen.push(progress) });
    expect(seen.map(({ stage, done, total }) => [stage, done, total])).toEqual(
      names.map((_, at) => ['WRITING', at + 1, 12]),
    );
    expect(formatImportProgress(seen[5] as ImportProgress)).toMatch(
      /^writing {2}█{10}░{10} {2}50 % {2}6 of 12 playlists {2}\d+ s left$/,
    );
  });
});
