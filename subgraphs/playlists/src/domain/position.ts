/**
 * Where an item stands among others: a text, sorted by its bytes. Between any two positions there is always another, and
 * no two operations ever make the same, so concurrent inserts into one gap need no agreement, and a third still fits
 * between them.
 *
 * A position is a fraction in base 62³: digits of three characters each, the last never zero. It consists of
 *
 *     digits that lie in the gap · 1 digit of the operation's UUID · the item's place in the operation · 7 more of the UUID
 *
 * so no two are the same, and what one operation adds stays together, unless the first 16 bits of two UUIDs are the same. It
 * begins with 30 characters and grows by 3 where a gap is full: on even levels an operation goes close to what stands
 * before, on odd ones close to what stands after, so that both who adds at the end and who adds at the start find room for
 * some 30,000 operations on a level. After Logoot (Weiss, Urso and Molli, 2009) and LSEQ (Nédelec et al., 2013).
 */

/** Between which positions; null for an end of the list. */
export interface Gap {
  readonly after: string | null;
  readonly before: string | null;
}

/**
 * Positions in a gap, in their order.
 * @param operationId UUID of the operation that makes them
 * @param count how many, 1 to 200,000
 */
export function positionsIn({ after, before }: Gap, operationId: string, count: number): string[] {
  const stride = Math.floor((base - 1) / (count + 1));
  if (stride < 1) throw new RangeError(`count must be 1 to 200,000, got ${count}`);
  // What stands before what it should stand after is no bound.
  const upper = before !== null && (after === null || after < before) ? before : null;
  const place = digitsBetween(read(after), upper === null ? null : read(upper));
  const [group, ...rest] = digitsOf(operationId);
  return Array.from({ length: count }, (_, index) =>
    write([...place, group as number, (index + 1) * stride, ...rest]),
  );
}

/** Whether a text has the form of a position. */
export const isPosition = (text: string): boolean =>
  text.length % width === 0 && /^[0-9A-Za-z]+$/.test(text) && !text.endsWith('0'.repeat(width));

type Digits = readonly number[];

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const width = 3;
const base = alphabet.length ** width;

// How far from its neighbour an operation goes: there is still room for some between the two.
const step = 8;

/** The shortest digits that are greater than `after`, less than `before` (null: any), and do not begin it. */
function digitsBetween(after: Digits, before: Digits | null): Digits {
  const digits: number[] = [];
  let upper = before;
  for (;;) {
    const level = digits.length;
    const low = after[level] ?? 0;
    const high = upper === null ? base : (upper[level] ?? 0);
    const room = high - low - 1;
    if (room > 0) {
      const distance = Math.min(step, Math.ceil(room / 2));
      return [...digits, level % 2 === 0 ? low + distance : high - distance];
    }
    digits.push(low);
    // From here on all is less than `before`.
    if (low < high) upper = null;
  }
}

/** Eight digits of 16 bits each, none of them zero. */
function digitsOf(operationId: string): number[] {
  const groups = operationId.replaceAll('-', '').match(/[0-9a-f]{4}/g);
  if (groups?.length !== 8)
    throw new RangeError(`operationId must be a UUID in lower case, got ${JSON.stringify(operationId)}`);
  return groups.map((group) => Number.parseInt(group, 16) + 1);
}

const write = (digits: Digits): string => digits.map(writeDigit).join('');

function writeDigit(digit: number): string {
  let text = '';
  for (let rest = digit; text.length < width; rest = Math.floor(rest / alphabet.length)) {
    text = alphabet.charAt(rest % alphabet.length) + text;
  }
  return text;
}

function read(position: string | null): Digits {
  if (position === null) return [];
  return Array.from({ length: position.length / width }, (_, index) => {
    let digit = 0;
    for (const character of position.slice(index * width, (index + 1) * width)) {
      digit = digit * alphabet.length + alphabet.indexOf(character);
    }
    return digit;
  });
}
