import type { ArchiveFile, ArchiveStore } from '../domain/archive-store.ts';
import type { ArchivedPlay } from '../domain/archived-play.ts';
import { folderOf, playsFolder } from './archive-names.ts';
import { type BrokenPlay, readPlayFile } from './read-play-file.ts';

/** A file, or a row of one, that cannot be read. */
export interface BrokenInArchive extends BrokenPlay {
  /** `plays/date=2026-11-23/part-….parquet` */
  readonly file: string;
}

/** Some plays of one file. */
export interface PlaysOfFile<Field extends keyof ArchivedPlay> {
  readonly file: ArchiveFile;
  /** In the order of the file. */
  readonly plays: readonly Pick<ArchivedPlay, Field>[];
}

export interface ReadArchiveOptions<Field extends keyof ArchivedPlay> {
  /** The first day, in UTC: `2026-11-23`; the first there is when left out. */
  readonly from?: string;
  /** The day after the last; to the last there is when left out. */
  readonly before?: string;
  /** What is read of each play; the fewer, the faster. */
  readonly fields: readonly Field[];
  /** Told of each file and row that is left out. */
  readonly onBroken: (broken: BrokenInArchive) => void;
  /** Files that are left out, such as those that were read before. */
  readonly skip?: (file: ArchiveFile) => boolean;
}

/**
 * Reads plays day by day, file by file, at most 10,000 at a time of files that were written here: these are all that is in memory. What
 * cannot be read is told and left out; other files in the folders are, too.
 * @throws ArchiveUnavailableError when the archive does not answer
 */
export async function* readArchive<const Field extends keyof ArchivedPlay>(
  store: Pick<ArchiveStore, 'list' | 'open'>,
  options: ReadArchiveOptions<Field>,
): AsyncGenerator<PlaysOfFile<Field>> {
  const { from, before, fields, onBroken, skip = () => false } = options;
  const range = { from: from && folderOf(from), before: before && folderOf(before) };
  for await (const file of store.list(playsFolder, range)) {
    if (!isPlayFile.test(file.name) || skip(file)) continue;
    const tell = (broken: BrokenPlay) => onBroken({ file: file.name, ...broken });
    const content = await store.open(file.name);
    // It was removed since it was listed.
    if (!content) continue;
    try {
      for await (const plays of readPlayFile(content, { fields, onBroken: tell })) yield { file, plays };
    } finally {
      await content.close();
    }
  }
}

const isPlayFile = /^plays\/date=\d{4}-\d{2}-\d{2}\/[^/._][^/]*\.parquet$/;
