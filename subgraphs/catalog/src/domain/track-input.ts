import type { LicenceWindow } from './licence-windows.ts';
import type { Problem } from './problem.ts';
import type { TrackCorrection } from './track-decisions.ts';

/** In code points. */
const maxTitleLength = 500;
/** Codes that one decision names. */
const maxMarkets = 300;
/** Windows of one track, one for each market of each entry. */
const maxWindows = 1_000;

/** Fields as somebody gave them: null is none of a title or a flag. */
export interface CorrectionInput {
  readonly title?: string | null;
  readonly explicit?: boolean | null;
  readonly isrc?: string | null;
}

/** A time in which a track is licensed in some markets, as somebody gave it. */
export interface WindowInput {
  readonly markets: readonly string[];
  /** Null: since ever. */
  readonly from?: Date | null;
  /** Null: without end. */
  readonly until?: Date | null;
}

/** What was read; not to be used when there are problems. */
export interface Read<Value> {
  readonly value: Value;
  readonly problems: readonly Problem[];
}

export function readCorrection({ title, explicit, isrc }: CorrectionInput): Read<TrackCorrection> {
  const problems: Problem[] = [];
  const value = {
    ...(typeof title === 'string' && { title: title.trim() }),
    ...(typeof explicit === 'boolean' && { explicit }),
    ...(isrc !== undefined && { isrc }),
  };
  if (title === null) problems.push(missing('title'));
  else if (value.title !== undefined) problems.push(...problemsOfTitle(value.title));
  if (explicit === null) problems.push(missing('explicit'));
  if (typeof isrc === 'string' && !isIsrc.test(isrc))
    problems.push({
      field: ['isrc'],
      code: 'INVALID',
      message: 'An ISRC has 12 characters without hyphens, such as USQX91602319.',
    });
  return { value, problems };
}

export function readMarkets(markets: readonly string[]): Read<readonly string[]> {
  const problems: Problem[] = [];
  if (markets.length > maxMarkets)
    problems.push({
      field: ['markets'],
      code: 'LIMIT_REACHED',
      message: `At most ${maxMarkets} markets, got ${markets.length}.`,
    });
  return { value: markets, problems };
}

export function readWindows(entries: readonly WindowInput[]): Read<LicenceWindow[]> {
  const count = entries.reduce((sum, { markets }) => sum + markets.length, 0);
  if (count > maxWindows || entries.length > maxWindows) {
    const message = `At most ${maxWindows} windows, one for each market of each entry, got ${Math.max(count, entries.length)}.`;
    return { value: [], problems: [{ field: ['windows'], code: 'LIMIT_REACHED', message }] };
  }
  const value = entries.flatMap(({ markets, from, until }) =>
    markets.map((market) => ({
      market,
      from: from?.getTime() ?? -Infinity,
      until: until?.getTime() ?? Infinity,
    })),
  );
  return { value, problems: entries.flatMap(problemsOfEntry) };
}

function problemsOfEntry({ markets, from, until }: WindowInput, index: number): Problem[] {
  const problem = (field: string, message: string): Problem => ({
    field: ['windows', String(index), field],
    code: 'INVALID',
    message,
  });
  const problems: Problem[] = [];
  if (markets.length === 0) problems.push(problem('markets', 'A window is for one market at least.'));
  if (from && !isThinkable(from)) problems.push(problem('from', `${thinkable}, got ${from.toISOString()}.`));
  if (until && !isThinkable(until))
    problems.push(problem('until', `${thinkable}, got ${until.toISOString()}.`));
  if (from && until && from >= until)
    problems.push(
      problem('until', `A window ends after it begins, got ${from.toISOString()} to ${until.toISOString()}.`),
    );
  return problems;
}

function problemsOfTitle(title: string): Problem[] {
  const length = [...title].length;
  if (length === 0) return [{ field: ['title'], code: 'TOO_SHORT', message: 'A track needs a title.' }];
  if (length > maxTitleLength)
    return [
      { field: ['title'], code: 'TOO_LONG', message: `At most ${maxTitleLength} characters, got ${length}.` },
    ];
  // Half a character and NUL, which PostgreSQL cannot keep.
  if (/[\p{Surrogate}\0]/u.test(title))
    return [{ field: ['title'], code: 'INVALID', message: 'It has characters that are none.' }];
  return [];
}

const missing = (field: string): Problem => ({
  field: [field],
  code: 'INVALID',
  message: `Leave ${field} out, or give a value: a track has one.`,
});

/** ISO 3901. */
const isIsrc = /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/;

// What a database and ISO 8601 with four digits can both say.
const isThinkable = (moment: Date) => moment >= firstMoment && moment < endOfTime;
const firstMoment = new Date('1900-01-01T00:00:00.000Z');
const endOfTime = new Date('9999-01-01T00:00:00.000Z');
const thinkable = 'A moment from the year 1900 to 9998; left out it is without limit';
