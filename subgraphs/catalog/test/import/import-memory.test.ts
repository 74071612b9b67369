import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { CatalogWriter, UpsertResult } from '../../src/domain/catalog-writer.ts';
import { importCatalog } from '../../src/import/import-catalog.ts';
import { csvFolder, trackObject, writeSource } from './source-folder.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const tally = { added: 0, changed: 0, unchanged: 0 };
const nothing: UpsertResult = {
  genres: tally,
  artists: tally,
  albums: tally,
  tracks: tally,
  unresolved: [],
  unplayableTrackIds: [],
  deletedTrackIds: [],
  unknownTrackIds: [],
};
const idle = { upsert: async () => nothing } as unknown as CatalogWriter;

it.each([
  ['300,000 rows of CSV', 300_000, 'tracks.csv'],
  ['60,000 track objects', 60_000, 'tracks.json'],
])(
  'keeps less than 30 MB of %s in memory',
  async (_, count, file) => {
    const folder = await writeSource(csvFolder());
    function* csv() {
      yield 'track_id,name,album_id,duration_s,artist_ids\n';
      for (let at = 0; at < count; at += 1) yield `${at},A track of some length ${at},sky,200,ann;bob\n`;
    }
    function* json() {
      for (let at = 0; at < count; at += 1)
        yield `${at === 0 ? '[' : ','}${JSON.stringify(trackObject({ id: `${at}` }))}`;
      yield ']';
    }
    const content = file.endsWith('.csv') ? csv() : json();
    await pipeline(Readable.from(content), createWriteStream(join(folder, file)));

    const used = () => {
      collectGarbage();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const before = used();
    let peak = before;
    let reports = 0;
    const { rowsRead } = await importCatalog({
      source: file.endsWith('.csv') ? folder : join(folder, file),
      markets: 'all',
      namespace: 'spotify',
      writer: idle,
      onProgress: () => {
        reports += 1;
        if (reports % 50 === 0) peak = Math.max(peak, used());
      },
    });
    expect(rowsRead).toBeGreaterThanOrEqual(count);
    expect(reports).toBeGreaterThan(40);
    expect((peak - before) / 1_000_000).toBeLessThan(30);
  },
  120_000,
);
