import { mkdir } from 'node:fs/promises';
import type { FactorTable, NeighbourTable } from '../domain/training-engine.ts';
import { neighboursOf } from '../models/chosen-method.ts';
import { listOf } from '../models/neighbour-lists.ts';
import { artistsOf, readCatalogFile } from './catalog-file.ts';
import { openModel } from './check-model.ts';
import { readNeighbourLists } from './computing/model-tables.ts';
import type { AsideRun } from './computing/run-aside.ts';
import { type Columns, type Rows, writeTable } from './computing/table-files.ts';
import type { TrainingMethod } from './training-method.ts';

export interface MixNeighboursTask {
  readonly kind: 'mix';
  readonly folder: string;
  readonly catalogFile: string;
  readonly method: TrainingMethod;
  readonly neighbours: NeighbourTable;
  readonly factors: FactorTable;
  readonly artistNeighbours: NeighbourTable;
}

/** Lists as they will serve. */
export interface MixedNeighbours {
  /** Folders of `mixedColumns`, by the numbers of tracks and of artists. */
  readonly tracks: string;
  readonly artists: string;
  /** How many tracks there are, how many have neighbours, and how many have some by their sound. */
  readonly trackCount: number;
  readonly withNeighbours: number;
  readonly filled: number;
}

/** `alike` is 1 where the reason is that both sound alike. Sorted by item, then by score from 1 downwards. */
export const mixedColumns = {
  item: 'INT32',
  other: 'INT32',
  score: 'FLOAT',
  alike: 'INT32',
} as const satisfies Columns;

/** A list has at most so many. */
const mostNeighbours = 100;
/** Fewer are filled up by what sounds alike. */
const leastNeighbours = 30;
const rowsAGroup = 100_000;

/** One neighbour of a list. */
interface Mixed {
  readonly other: number;
  readonly score: number;
  readonly alike: boolean;
}

/** Finds what sounds like a track: the most alike first, scores from 0 to 1. */
export type FindAlike = (
  track: number,
  limit: number,
) => readonly { readonly item: number; readonly score: number }[];

/** Both parts of the model as one list for each track, filled up by what sounds alike where few people listen. */
export async function mixNeighbours(task: MixNeighboursTask, { report }: AsideRun): Promise<MixedNeighbours> {
  const { folder } = task;
  await mkdir(folder, { recursive: true });
  const tracks = await readCatalogFile(task.catalogFile);
  const artistCount = artistsOf(tracks).length;
  const model = await openModel(task, tracks.length);
  const findAlike: FindAlike = () => [];
  let [withNeighbours, filled] = [0, 0];

  await writeTable(`${folder}/tracks`, mixedColumns, (append) => {
    const rows = createRowBuffer(append);
    for (let track = 0; track < tracks.length; track += 1) {
      const ranked = neighboursOf(model, track, mostNeighbours);
      const together = Array.from(ranked.items, (other, at) => ({
        ...{ other, score: ranked.scores[at] as number, alike: false },
      }));
      const list = together.length < leastNeighbours ? fillUp(together, findAlike, track) : together;
      rows.add(track, list);
      if (list.length > 0) withNeighbours += 1;
      if (list.length > together.length) filled += 1;
      if (track % 100 === 0) report(track / tracks.length);
    }
    rows.flush();
  });

  const artists = await readNeighbourLists(task.artistNeighbours, artistCount);
  await writeTable(`${folder}/artists`, mixedColumns, (append) => {
    const rows = createRowBuffer(append);
    for (let artist = 0; artist < artistCount; artist += 1) {
      const { items, similarities } = listOf(artists, artist);
      const largest = similarities[0] ?? 1;
      const list = Array.from(items.subarray(0, mostNeighbours), (other, at) => ({
        ...{ other, score: (similarities[at] as number) / largest, alike: false },
      }));
      rows.add(artist, list);
    }
    rows.flush();
  });
  return {
    ...{ tracks: `${folder}/tracks`, artists: `${folder}/artists` },
    ...{ trackCount: tracks.length, withNeighbours, filled },
  };
}

/** What sounds alike comes after what is listened to together, and never before it. */
export function fillUp(together: readonly Mixed[], findAlike: FindAlike, track: number): readonly Mixed[] {
  const known = new Set([track, ...together.map(({ other }) => other)]);
  const least = together.at(-1)?.score ?? 1;
  const alike = findAlike(track, leastNeighbours + together.length)
    .filter(({ item, score }) => !known.has(item) && score > 0)
    .slice(0, leastNeighbours - together.length);
  const largest = alike[0]?.score ?? 1;
  return [
    ...together,
    ...alike.map(({ item: other, score }) => ({ other, score: (least * score) / largest, alike: true })),
  ];
}

/** Collects rows into groups that are worth writing. */
function createRowBuffer(append: (rows: Rows<typeof mixedColumns>) => void) {
  const rows = {
    item: new Int32Array(rowsAGroup),
    other: new Int32Array(rowsAGroup),
    score: new Float32Array(rowsAGroup),
    alike: new Int32Array(rowsAGroup),
  };
  let length = 0;
  const flush = () => {
    append({
      item: rows.item.slice(0, length),
      other: rows.other.slice(0, length),
      score: rows.score.slice(0, length),
      alike: rows.alike.slice(0, length),
    });
    length = 0;
  };
  return {
    flush,
    /** All neighbours of an item are in one group. */
    add(item: number, list: readonly Mixed[]) {
      if (length + list.length > rowsAGroup) flush();
      for (const { other, score, alike } of list) {
        rows.item[length] = item;
        rows.other[length] = other;
        rows.score[length] = score;
        rows.alike[length] = alike ? 1 : 0;
        length += 1;
      }
    },
  };
}
