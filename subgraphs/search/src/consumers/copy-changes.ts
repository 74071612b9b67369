import type { SearchDocument } from '../domain/search-document.ts';
import type { IndexChanges } from '../domain/search-index.ts';
import type { DocumentSource, SourceChange } from '../domain/source.ts';

/** How many changes are asked for at once, and how many documents, unless told otherwise. */
const usualBatch = 500;

export interface CopyOptions {
  readonly source: DocumentSource;
  /** The position after which to copy. */
  readonly position: string;
  readonly write: (changes: IndexChanges) => Promise<void>;
  /** How many changes are asked for at once, and how many documents: 1 to 1,000. */
  readonly batchSize?: number;
  /** Hears when the source answered, with the time of the oldest change, or null when nothing changed. */
  readonly onAsked?: (oldest: Date | null) => void;
  readonly signal?: AbortSignal;
}

/**
 * Copies the next changes of a source: what they name, what that is part of, and what repeats something of it, all as it
 * is now. So a change that comes twice, or late, only has the same documents written again. The position comes last.
 * @returns the position after them, and whether that was all for now
 */
export async function copyChanges({
  source,
  position,
  write,
  batchSize = usualBatch,
  onAsked,
  signal,
}: CopyOptions): Promise<{ position: string; complete: boolean }> {
  const changes = await source.changesSince(position, batchSize);
  onAsked?.(changes[0]?.time ?? null);
  const last = changes.at(-1);
  if (!last) return { position, complete: true };
  if (last.position === position)
    throw new Error(`the changes of ${source.name} after ${position} end there: nobody would ever get on`);

  // One piece is held back, so that the position goes with the last.
  let held: Pick<IndexChanges, 'put' | 'remove'> = { put: [], remove: [] };
  for await (const piece of documentsOf(source, changes, batchSize)) {
    if (held.put.length + held.remove.length > 0) await write({ ...held, positions: {} });
    signal?.throwIfAborted();
    held = piece;
  }
  await write({ ...held, positions: { [source.name]: last.position } });
  return { position: last.position, complete: changes.length < batchSize };
}

async function* documentsOf(source: DocumentSource, changes: readonly SourceChange[], batchSize: number) {
  const seen = new Set(changes.flatMap(({ id, partOf }) => [id, ...partOf]));
  yield* read(source, [...seen], batchSize);

  let waiting: string[] = [];
  // An import makes hundreds of thousands of things: asking for the dependents of each would take longer than it does.
  const known = new Set(changes.filter(({ isNew }) => !isNew).map(({ id }) => id));
  for (const id of known) {
    for await (const page of source.dependentsOf(id)) {
      for (const dependent of page) {
        if (!seen.has(dependent)) waiting.push(dependent);
        seen.add(dependent);
      }
      if (waiting.length < batchSize) continue;
      yield* read(source, waiting, batchSize);
      waiting = [];
    }
  }
  yield* read(source, waiting, batchSize);
}

async function* read(source: DocumentSource, ids: readonly string[], batchSize: number) {
  for (let start = 0; start < ids.length; start += batchSize) {
    const some = ids.slice(start, start + batchSize);
    const put: readonly SearchDocument[] = await source.findDocuments(some);
    const found = new Set(put.map(({ id }) => id));
    yield { put, remove: some.filter((id) => !found.has(id)) };
  }
}
