import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeId, importedUuid, newUuid } from '@medley/ids';
import { openTestDatabase } from '@medley/testing/database';
import { afterAll, beforeEach, onTestFinished } from 'vitest';
import { openPrismaClient } from '../../src/adapters/prisma-client.ts';
import { openRepositories } from '../../src/adapters/prisma-repositories.ts';
import { type ImportOptions, importPlaylists } from '../../src/import/import-playlists.ts';
import { formatProblem, type ImportProblem } from '../../src/import/import-problem.ts';

/** Playlists to import into: none before each test of the file, gone behind its last one. */
export async function openImportTarget() {
  const database = await openTestDatabase('playlists');
  const prisma = openPrismaClient(database);
  const { writer, close } = openRepositories(database);
  const ownerId = newUuid();
  afterAll(async () => {
    await close();
    await prisma.$disconnect();
    await database.close();
  });
  beforeEach(async () => {
    await prisma.$executeRaw`TRUNCATE playlists.playlists, playlists.playlist_items, playlists.operations`;
  });

  async function run(source: string, options: Partial<ImportOptions> = {}) {
    const rejected: string[] = [];
    const warnings: string[] = [];
    const note = (list: string[]) => (problem: ImportProblem) => void list.push(formatProblem(problem));
    const result = await importPlaylists({
      source,
      owner: encodeId('user', ownerId),
      namespace: 'spotify',
      writer,
      onReject: note(rejected),
      onWarning: note(warnings),
      ...options,
    });
    return { result, rejected, warnings };
  }

  const findPlaylist = (sourceId: string) =>
    prisma.playlist.findUniqueOrThrow({ where: { id: importedUuid('spotify', 'playlist', sourceId) } });
  /** The items that are there, in order. */
  const findItems = (sourceId: string) =>
    prisma.playlistItem.findMany({
      where: { playlistId: importedUuid('spotify', 'playlist', sourceId), removedAt: null },
      orderBy: { position: 'asc' },
    });
  return {
    database,
    prisma,
    writer,
    ownerId,
    run,
    runFiles: async (files: SourceFiles, options?: Partial<ImportOptions>) =>
      run(await writeSource(files), options),
    findPlaylist,
    findItems,
    findTracks: async (sourceId: string) => (await findItems(sourceId)).map(({ trackId }) => trackId),
  };
}

export type SourceFiles = Readonly<Record<string, string | Buffer>>;

/** Writes files into a folder of this test, which goes when it ends. */
export async function writeSource(files: SourceFiles): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medley-playlists-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

/** A source of one playlist, `mix`, with these rows of tracks: `track,added,removed`. */
export const mix = (...rows: string[]): SourceFiles => ({
  'playlists.csv': 'playlist_id,file,title,description,tracks\nmix,Mix,Sunday Mix,Slow and warm.,9\n',
  'playlist_tracks.csv': tracksOf('mix', ...rows),
});

export const tracksOf = (playlistId: string, ...rows: string[]): string =>
  `playlist_id,track_id,added,removed\n${rows.map((row) => `${playlistId},${row}\n`).join('')}`;

export const trackId = (sourceId: string): string => importedUuid('spotify', 'track', sourceId);
