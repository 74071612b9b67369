import { type Columns, columnNames, createColumns, everywhere } from './document-table.ts';
import { KindIndex } from './kind-index.ts';

/** What stands before the parts of a kind. */
interface KindHead {
  readonly documents: number;
  readonly lists: number;
  readonly marketSets: readonly (readonly string[])[];
  readonly genreSets: readonly (readonly string[])[];
}

const rowsInPart = 10_000;
const entriesInPart = 1_000_000;

/** Takes an index apart, one part at a time; it must not change meanwhile. Numbers are little-endian. */
export function* partsOfKind(index: KindIndex): Generator<Uint8Array> {
  index.sweep();
  const { documents, lists, vocabulary } = index;
  const head: KindHead = {
    documents: documents.end,
    lists: lists.size,
    marketSets: documents.marketSets.all(),
    genreSets: documents.genreSets.all(),
  };
  yield encode(head);
  for (let at = 0; at < documents.end; at += rowsInPart) {
    const end = Math.min(at + rowsInPart, documents.end);
    yield encode([documents.ids.slice(at, end), documents.titles.slice(at, end)]);
  }
  for (const name of columnNames) yield bytesOf(documents.columns[name].subarray(0, documents.end));

  const words: string[] = [];
  for (const [word, list] of vocabulary.entries()) words[list] = word;
  for (let at = 0; at < words.length; at += rowsInPart) yield encode(words.slice(at, at + rowsInPart));

  yield bytesOf(Uint32Array.from({ length: lists.size }, (_, list) => lists.length(list)));
  let part = new Uint32Array(entriesInPart);
  let filled = 0;
  for (let list = 0; list < lists.size; list++) {
    for (const entry of lists.entries(list)) {
      part[filled] = entry;
      filled += 1;
      if (filled === entriesInPart) {
        yield bytesOf(part);
        part = new Uint32Array(entriesInPart);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield bytesOf(part.subarray(0, filled));
}

/** @param next the parts, in the order in which they were taken */
export async function readKind(next: () => Promise<Uint8Array>): Promise<KindIndex> {
  const index = new KindIndex();
  const { documents, lists, vocabulary } = index;
  const head = decode(await next()) as KindHead;
  for (const set of head.marketSets) if (set[0] !== everywhere) documents.marketSets.intern(set);
  for (const set of head.genreSets) documents.genreSets.intern(set);

  const ids: (string | null)[] = [];
  const titles: string[] = [];
  while (ids.length < head.documents) {
    const [moreIds, moreTitles] = decode(await next()) as [(string | null)[], string[]];
    for (const id of moreIds) ids.push(id);
    for (const title of moreTitles) titles.push(title);
  }
  const columns: Record<string, Uint8Array | Uint16Array | Uint32Array> = {};
  const empty = createColumns(0);
  for (const name of columnNames) {
    const { buffer } = await next();
    columns[name] = new (empty[name].constructor as typeof Uint8Array)(buffer as ArrayBuffer);
  }
  documents.restore(ids, titles, createColumns(Math.max(64, head.documents), columns as unknown as Columns));

  while (lists.size < head.lists) {
    for (const word of decode(await next()) as string[]) vocabulary.listOf(word, () => lists.createList());
  }
  const lengths = new Uint32Array((await next()).buffer);
  let part: Uint32Array = new Uint32Array(0);
  let at = 0;
  for (let list = 0; list < lengths.length; list++) {
    for (let length = lengths[list] as number; length > 0; length--) {
      if (at === part.length) {
        part = new Uint32Array((await next()).buffer);
        at = 0;
      }
      lists.add(list, part[at] as number);
      at += 1;
    }
  }
  return index;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function encode(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

function decode(part: Uint8Array): unknown {
  return JSON.parse(decoder.decode(part));
}

function bytesOf(numbers: Uint8Array | Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
