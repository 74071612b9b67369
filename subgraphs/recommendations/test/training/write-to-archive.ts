import { randomUUID } from 'node:crypto';
import { encodePlays } from '../../src/archive/encode-plays.ts';
import type { ArchiveStore } from '../../src/domain/archive-store.ts';
import { type ArchivedPlay, dayOfPlay } from '../../src/domain/archived-play.ts';

/** A file for each day. */
export async function writeToArchive(
  archive: Pick<ArchiveStore, 'write'>,
  plays: readonly ArchivedPlay[],
): Promise<void> {
  for (const day of new Set(plays.map(dayOfPlay))) {
    const { content } = await encodePlays(only(plays.filter((play) => dayOfPlay(play) === day)));
    await archive.write(`plays/date=${day}/part-${randomUUID()}.parquet`, content);
  }
}

async function* only<Value>(value: Value): AsyncGenerator<Value> {
  yield value;
}
