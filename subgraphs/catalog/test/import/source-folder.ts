import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Writes files into a folder of this test, which goes when it ends; all were last changed at `date`. */
export async function writeSource(
  files: Readonly<Record<string, string | Buffer>>,
  date = new Date('2021-05-21T00:00:00Z'),
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-import-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
    await utimes(join(folder, name), date, date);
  }
  return folder;
}

/** A small good catalog; give other files, or other contents, to change it. */
export function csvFolder(files: Readonly<Record<string, string | Buffer>> = {}) {
  return {
    'artists.csv': 'artist_id,name\nann,Ann\nbob,Bob\n',
    'albums.csv': 'album_id,name\nsky,Sky\n',
    'tracks.csv':
      'track_id,name,album_id,duration_s,artist_ids\nblue,Blue,sky,211,ann;bob\nred,Red,sky,180,bob\n',
    ...files,
  };
}

/** A track object as the Web API gives it. */
export function trackObject(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    id: 'blue',
    name: 'Blue',
    type: 'track',
    duration_ms: 211_240,
    explicit: true,
    external_ids: { isrc: 'USQX91602319' },
    available_markets: ['DE', 'US'],
    disc_number: 1,
    track_number: 4,
    popularity: 78,
    artists: [{ id: 'ann', name: 'Ann' }],
    album: { id: 'sky', name: 'Sky', album_type: 'album', artists: [{ id: 'ann', name: 'Ann' }] },
    ...changes,
  };
}
