import type { InTurn } from '@medley/timing';
import type { FreshIndex, IndexWriter } from '../domain/search-index.ts';
import type { DocumentSource } from '../domain/source.ts';
import { copyChanges } from './copy-changes.ts';
import { readAhead } from './read-ahead.ts';

export interface RebuildOptions {
  readonly writer: IndexWriter;
  readonly sources: readonly DocumentSource[];
  /** Interrupts it: the fresh index is thrown away, the old one goes on. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Runs the last step while nobody else writes; at once unless told otherwise. */
  readonly inTurn?: InTurn;
}

export interface RebuildProgress {
  /** What is being copied: the name of a source, or the `changes` of meanwhile. */
  readonly step: string;
  /** How many documents were copied so far. */
  readonly documents: number;
}

/**
 * Builds a fresh index from its sources while the old one answers, and puts it whole in its place. What changes meanwhile
 * is replayed from where the sources stood before the first page was read, so nothing is missed.
 * @returns how many documents it copied; what changed meanwhile counts again
 * @throws the signal's reason when interrupted, and whatever the sources or the index throw; the old index answers then
 */
export async function rebuildIndex({
  writer,
  sources,
  signal,
  onProgress = () => {},
  inTurn = (work) => work(),
}: RebuildOptions): Promise<{ documents: number }> {
  signal?.throwIfAborted();
  const positions = new Map<DocumentSource, string>();
  for (const source of sources) positions.set(source, await source.readLastPosition());

  const fresh = await writer.beginRebuild();
  let documents = 0;
  const progress = (step: string, more: number) => {
    documents += more;
    onProgress({ step, documents });
    signal?.throwIfAborted();
  };
  const replay = async () => {
    for (const [source, position] of positions) {
      positions.set(source, await replayChanges(fresh, source, position, progress, signal));
    }
  };

  let swapping = false;
  try {
    for (const [source, position] of positions) {
      progress(source.name, 0);
      for await (const page of readAhead(source.allDocuments())) {
        await fresh.write({ put: page, remove: [], positions: {} });
        progress(source.name, page.length);
      }
      await fresh.write({ put: [], remove: [], positions: { [source.name]: position } });
    }
    await replay();
    await inTurn(async () => {
      // Once more, now that the old index stands still: the new one must not know less than it.
      await replay();
      swapping = true;
      await fresh.swap();
    });
  } catch (error) {
    // After a swap that failed nobody knows which index is which; the next rebuild throws away what is left over.
    if (!swapping) await fresh.discard().catch(() => {});
    throw error;
  }
  return { documents };
}

async function replayChanges(
  fresh: FreshIndex,
  source: DocumentSource,
  from: string,
  progress: (step: string, more: number) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  let position = from;
  let complete = false;
  while (!complete) {
    ({ position, complete } = await copyChanges({
      source,
      position,
      signal,
      async write(changes) {
        await fresh.write(changes);
        progress('changes', changes.put.length);
      },
    }));
  }
  return position;
}
