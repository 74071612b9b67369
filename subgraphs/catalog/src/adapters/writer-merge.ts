import type { CatalogRecord, Tally } from '../domain/catalog-writer.ts';
import { mergeClaim } from '../domain/merge-claim.ts';
import { readProvenance, type Source } from '../domain/provenance.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { type RowsToWrite, readRows } from './writer-io.ts';
import type { WriterRow, WriterTable } from './writer-rows.ts';

/** The rows of one kind that a batch names or refers to, as they will be. */
export interface MergedRows<Values> {
  /** As they were. */
  readonly before: ReadonlyMap<string, WriterRow<Values>>;
  readonly byId: ReadonlyMap<string, WriterRow<Values>>;
  /** What the batch names. */
  readonly named: readonly WriterRow<Values>[];
  /** What has to be written: other values, or the same ones from a better source. */
  readonly different: RowsToWrite<Values>;
  /** What the world sees change. */
  readonly changed: readonly WriterRow<Values>[];
  /** The ids of rows that nobody described yet. */
  readonly standIns: ReadonlySet<string>;
  readonly tally: Tally;
}

const assumed: Source = { precision: 'assumed' };

/**
 * Reads rows and merges the records into them.
 * @param referred ids that are only referred to; those that are missing become stand-ins
 */
export async function mergeRows<Values extends object>(
  transaction: Prisma.TransactionClient,
  table: WriterTable<Values>,
  source: Source,
  records: readonly CatalogRecord<Values>[],
  referred: readonly string[],
): Promise<MergedRows<Values>> {
  const before = await readRows(transaction, table, [...records.map(({ id }) => id), ...referred]);
  const rows = new Map(before);
  const row = (id: string): WriterRow<Values> =>
    rows.get(id) ?? { id, version: 0, values: table.standIn(id), provenance: {} };

  for (const { id, values, assumed: assumptions } of records) {
    let next = { ...row(id), ...mergeClaim(row(id), { source, values }) };
    if (assumptions) next = { ...next, ...mergeClaim(next, { source: assumed, values: assumptions }) };
    rows.set(id, next);
  }
  const standIns = new Set<string>();
  for (const id of new Set([...rows.keys(), ...referred])) {
    const source = readProvenance(row(id).provenance).get(table.name);
    if (source && source.precision !== 'assumed') continue;
    standIns.add(id);
    if (source) continue;
    const { [table.name]: name } = table.standIn(id);
    rows.set(id, {
      ...row(id),
      ...mergeClaim(row(id), { source: assumed, values: { [table.name]: name } as Partial<Values> }),
    });
  }

  const changedIds = new Set<string>();
  const different = { added: [] as WriterRow<Values>[], updated: [] as WriterRow<Values>[] };
  for (const [id, after] of rows) {
    const earlier = before.get(id);
    const changed = !earlier || !isSame(earlier.values, after.values);
    if (changed) {
      changedIds.add(id);
      rows.set(id, { ...after, version: (earlier?.version ?? 0) + 1 });
    }
    if (!earlier) different.added.push(row(id));
    else if (changed || !isSame(earlier.provenance, after.provenance)) different.updated.push(row(id));
  }
  const named = [...new Set(records.map(({ id }) => id))].map(row);
  const changed = [...changedIds].map(row);
  const added = different.added.length;
  return {
    before,
    byId: rows,
    named,
    different,
    changed,
    standIns,
    tally: {
      added,
      changed: changed.length - added,
      unchanged: named.filter(({ id }) => !changedIds.has(id)).length,
    },
  };
}

// Jsonb has its own order of keys, so what was read is compared key by key.
function isSame(one: object | undefined, other: object): boolean {
  if (one === other) return true;
  const ones = Object.entries(one ?? {});
  return (
    ones.length === Object.keys(other).length &&
    ones.every(([key, value]) => JSON.stringify(value) === JSON.stringify(other[key as keyof object]))
  );
}
