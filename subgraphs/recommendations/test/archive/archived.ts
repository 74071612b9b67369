import { playColumns } from '../../src/archive/play-columns.ts';
import { readArchive } from '../../src/archive/read-archive.ts';
import type { ArchiveStore } from '../../src/domain/archive-store.ts';
import type { ArchivedPlay } from '../../src/domain/archived-play.ts';

/** All that is in an archive, with the file that has it. */
export async function readAll(store: ArchiveStore): Promise<(ArchivedPlay & { file: string })[]> {
  const all: (ArchivedPlay & { file: string })[] = [];
  const fields = playColumns.map(({ field }) => field);
  const onBroken = (broken: object) => {
    throw new Error(`the archive is broken: ${JSON.stringify(broken)}`);
  };
  for await (const { file, plays } of readArchive(store, { fields, onBroken }))
    all.push(...plays.map((play) => ({ ...play, file: file.name })));
  return all;
}
