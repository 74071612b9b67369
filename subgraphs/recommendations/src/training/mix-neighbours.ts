import { mkdir } from 'node:fs/promises';
import { createTrackContent } from '../content/track-content.ts';
import type { FactorTable, NeighbourTable } from '../domain/training-engine.ts';
import { neighboursOf } from '../models/chosen-method.ts';
import { listOf } from '../models/neighbour-lists.ts';
import { artistsOf, readGenres, readTracks } from './catalog-file.ts';
import { openModel } from './check-model.ts';
import { readNeighbourLists } from './computing/model-tables.ts';
import type { AsideRun } from './computing/run-aside.ts';
import { type Columns, type Rows, writeTable } from './computing/table-files.ts';
import type { TrainingMethod } from './training-method.ts';

export interface MixNeighboursTask {
  readonly kind: 'mix';
  readonly folder: string;
  /** The folder of `writeCatalogFiles`. */
  readonly catalog: string;
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
const leastNeighbours = 20;
const rowsAGroup = 100_000;

/** One neighbour of a list. */
interface Mixed {
  readonly other: number;
  readonly score: number;
  readonly alike: boolean;
}

/** Both parts of the model as one list for each track and artist, filled up by what sounds alike where few people listen. */
export async function mixNeighbours(task: MixNeighboursTask, { report }: AsideRun): Promise<MixedNeighbours> {
  const { folder } = task;
  await mkdir(folder, { recursive: true });
  const tracks = await readTracks(task.catalog);
  const artistIds = artistsOf(tracks);
  const content = createTrackContent(tracks, artistIds, await readGenres(task.catalog));
  const model = await openModel(task, tracks.length);
  const total = tracks.length + artistIds.length;
  const all = { withNeighbours: 0, filled: 0 };

  await writeTable(`${folder}/tracks`, mixedColumns, (append) => {
    const rows = createRowBuffer(append);
    for (let track = 0; track < tracks.length; track += 1) {
      const { items, scores } = neighboursOf(model, track, mostNeighbours);
      const together = toMixed(items, scores);
      const list = fillUp(together, (limit) => content.alikeTracks(track, limit));
      rows.add(track, list);
      if (list.length > 0) all.withNeighbours += 1;
      if (list.length > together.length) all.filled += 1;
      report(track / total);
    }
    rows.flush();
  });

  const neighbours = await readNeighbourLists(task.artistNeighbours, artistIds.length);
  await writeTable(`${folder}/artists`, mixedColumns, (append) => {
    const rows = createRowBuffer(append);
    for (let artist = 0; artist < artistIds.length; artist += 1) {
      const { items, similarities } = listOf(neighbours, artist);
      const largest = similarities[0] ?? 1;
      const together = toMixed(items.subarray(0, mostNeighbours), similarities, largest);
      rows.add(
        artist,
        fillUp(together, (limit) => content.alikeArtists(artist, limit)),
      );
      report((tracks.length + artist) / total);
    }
    rows.flush();
  });
  return { tracks: `${folder}/tracks`, artists: `${folder}/artists`, trackCount: tracks.length, ...all };
}

const toMixed = (items: Uint32Array, scores: Float32Array, largest = 1): readonly Mixed[] =>
  Array.from(items, (other, at) => ({ other, score: (scores[at] as number) / largest, alike: false }));

/** What sounds alike comes after what is listened to together, and never before it. */
export function fillUp(
  together: readonly Mixed[],
  findAlike: (limit: number) => readonly { readonly item: number; readonly score: number }[],
): readonly Mixed[] {
  if (together.length >= leastNeighbours) return together;
  const known = new Set(together.map(({ other }) => other));
  const least = together.at(-1)?.score ?? 1;
  const alike = findAlike(leastNeighbours)
    .filter(({ item, score }) => score > 0 && !known.has(item))
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
