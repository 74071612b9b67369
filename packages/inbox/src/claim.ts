import { createHash } from 'node:crypto';
import type { SqlWriter } from '@medley/outbox';
import { dayOf, daysAround, toIso } from './days.ts';
import { type Inbox, readTableName, toleranceOf, windowOf } from './inbox.ts';

/** An event that is to have its effect. */
export interface Claim {
  /** A UUID. */
  readonly id: string;
  /** When it happened: the same time each time the event is told, give or take `toleranceMs`. Not when it arrived. */
  readonly time: Date;
  /** What it says: the same each time the event is told. Only a hash of it is kept. */
  readonly content: string;
}

/**
 * What became of a claim.
 *
 * - `new`: nobody had it. It is yours, if the transaction is committed.
 * - `seen`: it had its effect.
 * - `other content`: an event of this id had its effect, and it said something else.
 * - `expired`: so old that nobody knows any more.
 * - `future`: of a day that is too far away.
 */
export type ClaimOutcome = 'new' | 'seen' | 'other content' | 'expired' | 'future';

/** The partitions for these days are missing: `prepareInbox` was not called, or failed for days. */
export class InboxNotPreparedError extends Error {
  /** It passes when they are made. */
  readonly transient = true;
  constructor(table: string, cause: unknown) {
    super(`${table} has no partition for an event of its days: is its upkeep running?`, { cause });
    this.name = 'InboxNotPreparedError';
  }
}

/**
 * Claims events, by two statements at most. Call it in the transaction of their effect, and have the effect of those that are `new`:
 * then each has it once, however often it comes and whoever gets it. Somebody else who claims one of them at the same time waits for
 * the end of the transaction; after a rollback he gets it.
 *
 * Two events of one id whose times lie days apart are two events to it, unless their days touch: the time is part of what makes an event
 * the same.
 * @param now milliseconds since 1970
 * @returns the outcomes in the order of the claims
 * @throws InboxNotPreparedError
 */
export async function claimEvents(
  transaction: SqlWriter,
  inbox: Inbox,
  claims: readonly Claim[],
  now = Date.now(),
): Promise<readonly ClaimOutcome[]> {
  const { table } = inbox;
  readTableName(table);
  const plans = claims.map((claim, index) => plan(inbox, claim, index, now));
  // The first of a batch that needs a row may have it.
  const rows = new Map<string, Row>();
  for (const row of plans.flatMap(({ rows: needed }) => needed)) {
    if (!rows.has(row.key)) rows.set(row.key, row);
  }
  const isMine = await insert(transaction, table, [...rows.values()]);
  const lost = [...rows.values()].filter(({ key }) => !isMine.has(key));
  const hashes = await readHashes(transaction, table, lost);

  return plans.map(({ outcome, rows: needed }, index) => {
    if (outcome) return outcome;
    const isHad = ({ key }: Row) => !isMine.has(key) || rows.get(key)?.index !== index;
    const had = needed.filter(isHad);
    if (had.length === 0) return 'new';
    const isSame = ({ key, hash }: Row) => (hashes.get(key) ?? rows.get(key)?.hash) === hash;
    return had.every(isSame) ? 'seen' : 'other content';
  });
}

/** A row that claims an id for a day. */
interface Row {
  readonly key: string;
  readonly id: string;
  readonly day: string;
  readonly hash: string;
  /** Of the claim. */
  readonly index: number;
}

/**
 * The rows that a claim needs: one of its day, or two around midnight. Wherever the same event is put the next time it is told, it needs
 * one of these again.
 */
function plan(inbox: Inbox, { id, time, content }: Claim, index: number, now: number) {
  const { first, last } = windowOf(inbox, now);
  const none: readonly Row[] = [];
  if (dayOf(time) < first) return { outcome: 'expired' as const, rows: none };
  if (dayOf(time) > last) return { outcome: 'future' as const, rows: none };
  const hash = createHash('sha256').update(content).digest().readBigInt64BE().toString();
  const rows = daysAround(time, toleranceOf(inbox))
    .filter((day) => day >= first && day <= last)
    .map((day): Row => {
      const own = { id: id.toLowerCase(), day: toIso(day) };
      return { ...own, key: keyOf(own), hash, index };
    });
  return { outcome: null, rows };
}

const keyOf = ({ id, day }: { readonly id: string; readonly day: string }) => `${id} ${day}`;

/** @returns the keys of those that were not there */
async function insert(
  transaction: SqlWriter,
  table: string,
  rows: readonly Row[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const given = rows.map(({ id, day, hash }) => ({ id, day, hash }));
  try {
    // In one order for all, or two transactions with the same ids could wait for each other.
    const inserted = await transaction.$queryRawUnsafe<{ id: string; day: string }[]>(
      `INSERT INTO ${table} (id, day, content_hash)
      SELECT id, day, hash FROM jsonb_to_recordset($1::jsonb) AS claim(id uuid, day date, hash bigint)
      ORDER BY id, day
      ON CONFLICT DO NOTHING
      RETURNING id::text AS id, day::text AS day`,
      JSON.stringify(given),
    );
    return new Set(inserted.map(keyOf));
  } catch (error) {
    if (String(error).includes('no partition of relation')) throw new InboxNotPreparedError(table, error);
    throw error;
  }
}

/** What those said that had these rows. A statement of its own: it sees what was committed while the first one waited. */
async function readHashes(
  transaction: SqlWriter,
  table: string,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, string>> {
  if (rows.length === 0) return new Map();
  const distinct = (values: string[]) => [...new Set(values)];
  const found = await transaction.$queryRawUnsafe<{ id: string; day: string; hash: string }[]>(
    `SELECT id::text AS id, day::text AS day, content_hash::text AS hash FROM ${table}
    WHERE id = ANY($1::uuid[]) AND day = ANY($2::date[])`,
    distinct(rows.map(({ id }) => id)),
    distinct(rows.map(({ day }) => day)),
  );
  return new Map(found.map((row) => [keyOf(row), row.hash]));
}
