import { endOf, grainOf, isKept, startOf, type TimeGrain, timeGrains } from './time-grain.ts';

/** The time that somebody asks about. */
export interface AskedTime {
  readonly from: Date;
  /** The moment after the last; null: now. */
  readonly until: Date | null;
}

/** A time in stretches of one length. */
export interface TimeRange {
  /** The first moment, which a stretch begins with. */
  readonly from: Date;
  /** The moment after the last, which a stretch ends with: after now, where that is within the last stretch. */
  readonly until: Date;
  readonly every: TimeGrain;
  /** How many stretches. */
  readonly points: number;
}

/** Why a question is not answered. */
export type Refusal =
  | { readonly code: 'BAD_USER_INPUT'; readonly message: string }
  | {
      readonly code: 'COST_EXCEEDED';
      readonly message: string;
      /** What it would take, and what it may take, both in the unit that the message names. */
      readonly cost: number;
      readonly limit: number;
    };

/** How many stretches of time an answer has at most. */
export const mostPoints = 2_000;

/**
 * The stretches that answer a question: of the grain that was asked for, or, where `coarser` allows it, of the finest that does.
 * What is to come is left out.
 */
export function readTimeRange(
  { every, coarser, ...asked }: AskedTime & { readonly every: TimeGrain; readonly coarser: boolean },
  now: Date,
): TimeRange | Refusal {
  const time = cutAt(now, asked);
  if ('code' in time) return time;
  const rangeOf = (grain: TimeGrain): TimeRange => {
    const from = startOf(grain, time.from);
    const until = endOf(grain, time.until);
    const points = (until.getTime() - from.getTime()) / grainOf[grain].lengthMs;
    return { from, until, every: grain, points };
  };
  const candidates = timeGrains.slice(timeGrains.indexOf(every)).map(rangeOf);
  const possible = candidates.find(
    (range) => range.points <= mostPoints && isKept(range.every, range.from, now),
  );
  const wanted = rangeOf(every);
  if (possible && (coarser || possible.every === every)) return possible;

  const advice = possible ? `ask for less time, for ${possible.every}, or set coarser` : 'ask for less time';
  if (wanted.points > mostPoints)
    return {
      code: 'COST_EXCEEDED',
      message: `These are ${count(wanted.points)} points by ${every}, and at most ${count(mostPoints)} are told: ${advice}.`,
      cost: wanted.points,
      limit: mostPoints,
    };
  return {
    code: 'BAD_USER_INPUT',
    message: `from: numbers by ${every} are kept for ${grainOf[every].keptDays} days, got ${wanted.from.toISOString()}: ${advice}.`,
  };
}

/** Rows of one grain that cover a part of a time. */
export interface TimePart {
  readonly grain: TimeGrain;
  readonly from: Date;
  readonly until: Date;
}

/** A time as a whole: rounded to the finest rows that are kept of its ends, and covered by few rows. */
export interface TimeSpan {
  readonly from: Date;
  readonly until: Date;
  /** In the order of time, one after another. */
  readonly parts: readonly TimePart[];
}

/** @param finest the grain that its ends are rounded to where it is kept */
export function readTimeSpan(asked: AskedTime, finest: 'MINUTE' | 'HOUR', now: Date): TimeSpan | Refusal {
  const time = cutAt(now, asked);
  if ('code' in time) return time;
  const grains = (['MINUTE', 'HOUR', 'DAY'] as const).slice(finest === 'HOUR' ? 1 : 0);
  // Such rows are used within one of the next grain, the whole of which has to be there.
  const keptAt = (moment: Date) =>
    grains.find((grain) => grain === 'DAY' || isKept(grain, startOf(coarserThan[grain], moment), now)) ??
    'DAY';
  const from = startOf(keptAt(time.from), time.from);
  const until = endOf(keptAt(time.until), time.until);
  return { from, until, parts: cover(from, until, ['DAY', 'HOUR', 'MINUTE']) };
}

const coarserThan = { MINUTE: 'HOUR', HOUR: 'DAY' } as const;

/** Coarse rows in the middle, finer ones at the ends. */
function cover(from: Date, until: Date, [coarsest, ...finer]: readonly TimeGrain[]): TimePart[] {
  if (!coarsest || from >= until) return [];
  const [first, last] = [endOf(coarsest, from), startOf(coarsest, until)];
  if (first >= last) return cover(from, until, finer);
  return [
    ...cover(from, first, finer),
    { grain: coarsest, from: first, until: last },
    ...cover(last, until, finer),
  ];
}

function cutAt(now: Date, { from, until }: AskedTime): { from: Date; until: Date } | Refusal {
  const refuse = (message: string): Refusal => ({ code: 'BAD_USER_INPUT', message });
  if (until !== null && until <= from)
    return refuse(`until must be after from, ${from.toISOString()}, got ${until.toISOString()}`);
  if (from >= now) return refuse(`from must be before now, ${now.toISOString()}, got ${from.toISOString()}`);
  return { from, until: until === null || until > now ? now : until };
}

const count = (value: number) => value.toLocaleString('en');
