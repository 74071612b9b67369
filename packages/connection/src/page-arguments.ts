import { badUserInput } from '@medley/errors';
import type { CursorScope, Cursors } from './cursors.ts';
import type { SortKey } from './sort-key.ts';

/** The paging arguments of every connection, as GraphQL gives them. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** A page that somebody asks for. */
export interface Page {
  /** 1 to 100 rows. */
  readonly limit: number;
  /** `backward` counts from the end of the list; the rows of a page are in the list's order all the same. */
  readonly direction: 'forward' | 'backward';
  /** Only what stands after this key; null: from the start. */
  readonly after: SortKey | null;
  /** Only what stands before this key; null: to the end. */
  readonly before: SortKey | null;
}

/** The cursors of one list. */
export interface CursorBinding extends CursorScope {
  readonly cursors: Cursors;
}

const maxLimit = 100;

/** @throws MedleyError BAD_USER_INPUT that names the argument, what it must be and what came */
export function readPageArguments(given: ConnectionArguments, binding: CursorBinding): Page {
  const first = given.first ?? null;
  const last = given.last ?? null;
  if (first === null && last === null)
    throw badUserInput(`first or last is required: 1..${maxLimit}, got neither`);
  if (first !== null && last !== null)
    throw badUserInput(`either first or last must be given, got first ${first} and last ${last}`);
  return {
    limit: first === null ? readLimit('last', last as number) : readLimit('first', first),
    direction: first === null ? 'backward' : 'forward',
    after: readCursor('after', given.after, binding),
    before: readCursor('before', given.before, binding),
  };
}

function readLimit(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > maxLimit)
    throw badUserInput(`${name} must be 1..${maxLimit}, got ${value}`);
  return value;
}

/**
 * The key in a cursor that somebody gives back; null when there is none.
 * @param name of the argument
 * @throws MedleyError BAD_USER_INPUT when it was altered or made for something else
 */
export function readCursor(
  name: string,
  cursor: string | null | undefined,
  binding: CursorBinding,
): SortKey | null {
  if (cursor === null || cursor === undefined) return null;
  const key = binding.cursors.decode(binding, cursor);
  if (!key) {
    throw badUserInput(
      `${name} must be a cursor that ${binding.field} gave for the same object and arguments, got ${JSON.stringify(cursor.slice(0, 60))}`,
    );
  }
  return key;
}
