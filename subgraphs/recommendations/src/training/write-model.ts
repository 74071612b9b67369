import { readFile } from 'node:fs/promises';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { ModelRows, ModelWriter, Neighbour, NeighbourKind } from '../domain/models.ts';
import type { FactorTable } from '../domain/training-engine.ts';
import { factorColumns, readTable } from './computing/table-files.ts';
import { type MixedNeighbours, mixedColumns } from './mix-neighbours.ts';

export interface WriteModelOptions {
  readonly models: Pick<ModelWriter, 'writeNeighbours' | 'writeFactors' | 'writePopular'>;
  readonly modelId: number;
  /** Ids by number. */
  readonly trackIds: readonly string[];
  readonly artistIds: readonly string[];
  readonly mixed: MixedNeighbours;
  readonly factors: FactorTable;
  readonly popularFile: string;
  /** Rows of a statement, at most 1,000. */
  readonly rowsAtOnce: number;
  /** How long it rests after a statement, as a multiple of how long that took: a database that has one connection belongs to others too. */
  readonly rest: number;
  readonly signal: AbortSignal;
  /** Where an earlier try has come to: rows before it are written. */
  readonly written: number;
  /** Told after some thousand rows how many are written. */
  readonly onWritten: (rows: number) => Promise<void>;
}

const toldEvery = 5_000;

/** Writes the rows of a model. @returns how many there are of each kind */
export async function writeModel(options: WriteModelOptions): Promise<ModelRows> {
  const { models, modelId, trackIds, artistIds, mixed, rowsAtOnce, rest, signal, onWritten } = options;
  let [row, told] = [0, options.written];

  /** Writes a portion, unless an earlier try did. */
  async function write(length: number, statement: () => Promise<void>): Promise<void> {
    row += length;
    if (row <= options.written) return;
    signal.throwIfAborted();
    const startedAt = performance.now();
    await statement();
    const restMs = (performance.now() - startedAt) * rest;
    await (restMs >= 1 ? setTimeout(restMs, null, { signal }) : setImmediate());
    if (row - told < toldEvery) return;
    told = row;
    await onWritten(row);
  }

  async function writeLists(folder: string, kind: NeighbourKind, ids: readonly string[]): Promise<number> {
    let lists = 0;
    for await (const rows of inPortions(readLists(folder, ids), rowsAtOnce)) {
      lists += rows.length;
      await write(rows.length, () => models.writeNeighbours(modelId, kind, rows));
    }
    return lists;
  }

  const tracks = await writeLists(mixed.tracks, 'TRACK', trackIds);
  const artists = await writeLists(mixed.artists, 'ARTIST', artistIds);
  let factors = 0;
  for await (const rows of inPortions(readFactorRows(options.factors, trackIds), rowsAtOnce)) {
    factors += rows.length;
    await write(rows.length, () => models.writeFactors(modelId, rows));
  }
  let popular = 0;
  const byMarket: Record<string, readonly number[]> = JSON.parse(await readFile(options.popularFile, 'utf8'));
  for (const [market, numbers] of Object.entries(byMarket)) {
    popular += numbers.length;
    const ids = numbers.map((number) => idOf(trackIds, number));
    if (ids.length > 0) await write(ids.length, () => models.writePopular(modelId, market, ids));
  }
  return { tracks, artists, factors, popular };
}

async function* readLists(
  folder: string,
  ids: readonly string[],
): AsyncGenerator<{ itemId: string; neighbours: Neighbour[] }> {
  for await (const { item, other, score, alike } of readTable(folder, mixedColumns)) {
    // No list is in two groups.
    for (let at = 0; at < item.length; ) {
      const current = item[at] as number;
      const neighbours: Neighbour[] = [];
      for (; item[at] === current; at += 1)
        neighbours.push({
          id: idOf(ids, other[at] as number),
          score: score[at] as number,
          reason: alike[at] === 1 ? 'SOUNDS_ALIKE' : 'LISTENED_TOGETHER',
        });
      yield { itemId: idOf(ids, current), neighbours };
    }
  }
}

async function* readFactorRows(
  { folder, rank }: FactorTable,
  ids: readonly string[],
): AsyncGenerator<{ trackId: string; factors: Float32Array }> {
  for await (const rows of readTable(folder, factorColumns(rank)))
    for (const [at, number] of rows.item.entries()) {
      const factors = Float32Array.from({ length: rank }, (_, place) => rows[`f${place}`]?.[at] as number);
      yield { trackId: idOf(ids, number), factors };
    }
}

async function* inPortions<Row>(rows: AsyncIterable<Row>, size: number): AsyncGenerator<Row[]> {
  let portion: Row[] = [];
  for await (const row of rows) {
    portion.push(row);
    if (portion.length < size) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

function idOf(ids: readonly string[], number: number): string {
  const id = ids[number];
  if (id === undefined) throw new RangeError(`expected a number below ${ids.length}, got ${number}`);
  return id;
}
