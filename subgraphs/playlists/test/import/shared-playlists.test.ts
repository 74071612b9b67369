import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { testDatabaseKind } from '@medley/testing/database';
import { describe, expect, it } from 'vitest';
import { openImportTarget } from './import-target.ts';

const folder = join(process.env.MEDLEY_DATA ?? '', 'catalog');
const present = process.env.MEDLEY_DATA !== undefined && existsSync(join(folder, 'playlists.csv'));
if (!present) console.warn('skipped: real playlists. MEDLEY_DATA names no folder with catalog/playlists.csv');

describe.skipIf(!present)(`real playlists on ${testDatabaseKind}`, async () => {
  // Without the data nothing is run, so nothing is opened.
  if (!present) return;
  const { prisma, run } = await openImportTarget();

  it('go in whole, and a second time change nothing', { timeout: 300_000 }, async () => {
    const first = await run(folder);
    expect(first.rejected).toEqual([]);
    expect(first.result).toMatchObject({
      rowsRead: 94_583,
      playlists: { added: 250, changed: 0, unchanged: 0 },
      items: { added: 24_479, removed: 0, leftOut: 0 },
    });
    const operations = await prisma.operation.count();
    const again = await run(folder);
    expect(again.result).toMatchObject({ playlists: { added: 0, changed: 0, unchanged: 250 } });
    expect(await prisma.operation.count()).toBe(operations);
    expect(await prisma.playlistItem.count({ where: { albumId: null } })).toBe(0);
  });
});
