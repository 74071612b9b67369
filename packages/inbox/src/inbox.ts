import { dayOf } from './days.ts';

/**
 * A table of the ids of events that had their effect, so that none has it twice. It is partitioned by the day on which an event
 * happened, as the event itself says: not by the day on which it was claimed, by which the same event would be looked for in another
 * partition after midnight, or when it comes once more 30 days later. So a unique index of one partition is enough, and what is too old
 * goes by dropping a table.
 */
export interface Inbox {
  /** With its schema: `analytics.claimed_plays`. One for each effect. */
  readonly table: string;
  /** How many days an event may be old and still be claimed; the later it comes is refused. 40 unless told otherwise. */
  readonly keepDays?: number;
  /** How much the times of one event may differ from one telling to the next, in milliseconds; 5 minutes unless told otherwise. */
  readonly toleranceMs?: number;
}

/** Days that are prepared, beside today. */
const aheadDays = 2;

/** The days of which events can be claimed. */
export function windowOf({ keepDays = 40 }: Inbox, now: number) {
  const today = dayOf(now);
  return { first: today - keepDays, last: today + aheadDays };
}

export const toleranceOf = ({ toleranceMs = 300_000 }: Inbox): number => toleranceMs;

/**
 * Checks a name that becomes part of statements.
 * @throws RangeError
 */
export function readTableName(table: string): { readonly schema: string; readonly name: string } {
  const [, schema, name] = /^([a-z_][a-z0-9_]{0,50})\.([a-z_][a-z0-9_]{0,50})$/.exec(table) ?? [];
  if (!schema || !name)
    throw new RangeError(`expected <schema>.<table> in lower case, got ${JSON.stringify(table)}`);
  return { schema, name };
}

/** The SQL of a migration that makes the table of an inbox; its partitions come by `prepareInbox`. */
export function inboxTableSql(table: string): string {
  readTableName(table);
  return `CREATE TABLE ${table} (
  id uuid NOT NULL,
  day date NOT NULL,
  content_hash bigint NOT NULL,
  PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
`;
}
