import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CatalogWriter } from '../../src/domain/catalog-writer.ts';
import { formatImportReport } from '../../src/import/import-report.ts';
import { openImportTarget, tracksCsv } from './import-target.ts';
import { csvFolder, trackObject, writeSource } from './source-folder.ts';

const { prisma, writer, empty, run, findTrack } = await openImportTarget();

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
