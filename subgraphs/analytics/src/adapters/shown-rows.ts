import { grainOf, grainOrigin } from '../domain/time-grain.ts';
import type { TimeRange, TimeSpan } from '../domain/time-range.ts';
import type { Days } from '../domain/time-window.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** The rows that are shown: a statement sees those of one generation, also while another takes its place. */
export const isShown = Prisma.sql`
  generation = (SELECT id FROM analytics.generations WHERE state = 'CURRENT')`;

/** The rows of a series that a time is made of. */
export function isWithin(time: TimeRange | TimeSpan): Prisma.Sql {
  const parts = 'parts' in time ? time.parts : [{ ...time, grain: time.every }];
  const conditions = parts.map(
    ({ grain, from, until }) => Prisma.sql`(grain = ${grainOf[grain].rowMinutes}::smallint
      AND bucket >= ${from.toISOString()}::timestamptz AND bucket < ${until.toISOString()}::timestamptz)`,
  );
  return Prisma.sql`(${Prisma.join(conditions, ' OR ')})`;
}

/** When the stretch of a range begins that a row belongs to. */
export const stretchOf = ({ every }: TimeRange): Prisma.Sql => Prisma.sql`
  date_bin(make_interval(mins => ${grainOf[every].lengthMs / 60_000}::int), bucket,
    ${grainOrigin.toISOString()}::timestamptz)`;

export function isOnDays({ first, last }: Days): Prisma.Sql {
  const until = Prisma.sql`day <= ${dateText(last)}::date`;
  return first === null ? until : Prisma.sql`day >= ${dateText(first)}::date AND ${until}`;
}

/** A column that has one value, where one is asked for. */
export const isOnly = (column: Prisma.Sql, value: string | null): Prisma.Sql =>
  value === null ? Prisma.sql`true` : Prisma.sql`${column} = ${value}`;

const dateText = (day: Date) => day.toISOString().slice(0, 10);
