import { badUserInput } from '@medley/errors';

/** @throws MedleyError BAD_USER_INPUT when there are more than `most` */
export function manyIdsArgument(ids: readonly string[], most: number): readonly string[] {
  if (ids.length > most) throw badUserInput(`ids: at most ${most} ids, got ${ids.length}`);
  return ids;
}

/** @throws MedleyError BAD_USER_INPUT when it is not 1 to `most` */
export function limitArgument(first: number, most: number): number {
  if (first < 1 || first > most) throw badUserInput(`first must be 1..${most}, got ${first}`);
  return first;
}

/** @throws MedleyError BAD_USER_INPUT when it is not the id or number of a change: 0 or more, at most 18 digits */
export function changeIdArgument(name: string, id: string): bigint {
  if (!/^\d{1,18}$/.test(id))
    throw badUserInput(`${name} must be the id of a change or 0, got ${JSON.stringify(id.slice(0, 60))}`);
  return BigInt(id);
}

/** Whether it may be the slug of a genre. What is none, such as a text with NUL, the database need not be asked for. */
export const isSlug = (text: string): boolean => /^[a-z0-9-]{1,100}$/.test(text);
