import {
  type CatalogRecord,
  type CatalogWriter,
  maxBatchRecords,
  type Tally,
  type UpsertResult,
} from '../domain/catalog-writer.ts';
import type { Source } from '../domain/provenance.ts';
import type { Described } from './described.ts';
import type { ImportProblem } from './import-problem.ts';

type Place = Pick<ImportProblem, 'file' | 'line' | 'item'>;
const kinds = ['artists', 'albums', 'tracks'] as const;
const lists = [...kinds, 'audioFeatures'] as const;

/** Gathers what rows describe into batches, and writes each when it is full. */
export function createBatches(writer: CatalogWriter, onWarning: (problem: ImportProblem) => void) {
  let source: Source = { precision: 'listed' };
  let pending = emptyBatch();
  const totals = { unplayable: 0, deleted: 0, artists: noTally(), albums: noTally(), tracks: noTally() };

  const flush = async (): Promise<void> => {
    if (pending.size === 0) return;
    const { records, places, sourceIds } = pending;
    pending = emptyBatch();
    const result = await writer.upsert({
      source,
      artists: [...records.artists.values()],
      albums: [...records.albums.values()],
      tracks: [...records.tracks.values()],
      audioFeatures: [...records.audioFeatures.values()],
    });
    for (const kind of kinds) totals[kind] = sum(totals[kind], result[kind]);
    totals.unplayable += result.unplayableTrackIds.length;
    totals.deleted += result.deletedTrackIds.length;
    for (const warning of warningsOf(result, places, sourceIds)) onWarning(warning);
  };

  return {
    /** From here on rows are of this source. What is pending was written by `flush`. */
    begin(next: Source): void {
      source = next;
    },
    /** @returns whether a batch was written */
    async add(described: Described, place: Place): Promise<boolean> {
      const size = lists.reduce((records, list) => records + described[list].length, 0);
      const full = pending.size + size > maxBatchRecords;
      if (full) await flush();
      pending.add(described, place);
      return full;
    },
    flush,
    totals: () => ({ ...totals }),
  };
}

function emptyBatch() {
  // By content: objects repeat their album and artists word by word.
  const records = {
    artists: new Map<string, Described['artists'][number]>(),
    albums: new Map<string, Described['albums'][number]>(),
    tracks: new Map<string, Described['tracks'][number]>(),
    audioFeatures: new Map<string, Described['audioFeatures'][number]>(),
  };
  const places = new Map<string, Place>();
  const sourceIds = new Map<string, string>();
  return {
    records,
    places,
    sourceIds,
    get size() {
      return lists.reduce((size, list) => size + records[list].size, 0);
    },
    add(described: Described, place: Place): void {
      for (const list of lists)
        for (const record of described[list]) {
          (records[list] as Map<string, CatalogRecord<object>>).set(JSON.stringify(record), record);
          if (!places.has(record.id)) places.set(record.id, place);
        }
      for (const [id, sourceId] of described.sourceIds) sourceIds.set(id, sourceId);
    },
  };
}

function* warningsOf(
  { unresolved, deletedTrackIds, unknownTrackIds }: UpsertResult,
  places: ReadonlyMap<string, Place>,
  sourceIds: ReadonlyMap<string, string>,
): Generator<ImportProblem> {
  for (const { from, kind, to } of unresolved) {
    const place = places.get(from);
    const reason = `no source describes ${kind} ${sourceIds.get(to) ?? to}; until one does, it is called “Unknown ${kind}”`;
    if (place) yield { ...place, reason };
  }
  for (const id of deletedTrackIds) {
    const place = places.get(id);
    if (place)
      yield { ...place, reason: `track ${sourceIds.get(id) ?? id} was deleted here, and stays deleted` };
  }
  for (const id of unknownTrackIds) {
    const place = places.get(id);
    const reason = `there is no track ${sourceIds.get(id) ?? id} yet to which these audio features belong: import it, then these again`;
    if (place) yield { ...place, reason };
  }
}

const noTally = (): Tally => ({ added: 0, changed: 0, unchanged: 0 });

const sum = (one: Tally, other: Tally): Tally => ({
  added: one.added + other.added,
  changed: one.changed + other.changed,
  unchanged: one.unchanged + other.unchanged,
});
