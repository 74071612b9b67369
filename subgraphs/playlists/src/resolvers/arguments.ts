import { badUserInput } from '@medley/errors';
import { idArgument } from '@medley/subgraph';
import { maxPerEdit } from '../domain/limits.ts';
import type { Place } from '../domain/playlist-repository.ts';
import type { Problem } from '../domain/problem.ts';
import { type Revisions, readSnapshot } from '../domain/snapshot.ts';
import type { PlaylistPlaceInput, UserError } from '../generated/graphql.ts';

/**
 * The UUID that a client made for an operation, in lower case.
 * @throws MedleyError BAD_USER_INPUT when it is none
 */
export function operationIdArgument(id: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id.toLowerCase();
  throw badUserInput(`input.operationId: expected a UUID, got ${JSON.stringify(id.slice(0, 60))}`);
}

/**
 * A `snapshotId` that a client got; null when there is none.
 * @throws MedleyError BAD_USER_INPUT when it is none of ours
 */
export function snapshotArgument(name: string, id: string | null | undefined): Revisions | null {
  if (id === null || id === undefined) return null;
  const revisions = readSnapshot(id);
  if (revisions) return revisions;
  throw badUserInput(`${name}: expected a snapshotId, got ${JSON.stringify(id.slice(0, 60))}`);
}

/**
 * The UUIDs in ids that an edit names, at most 100.
 * @param least how many there must be
 * @throws MedleyError BAD_USER_INPUT for too many or too few, and for one that is malformed or of another kind
 */
export function idArguments(
  name: string,
  ids: readonly string[],
  kind: 'track' | 'item',
  least: 0 | 1 = 1,
): string[] {
  if (ids.length < least || ids.length > maxPerEdit)
    throw badUserInput(`${name}: expected ${least} to ${maxPerEdit} ids, got ${ids.length}`);
  return ids.map((id, index) => idArgument(`${name}.${index}`, id, kind));
}

/** @throws MedleyError BAD_USER_INPUT when it is not exactly one of the three */
export function placeArgument(input: PlaylistPlaceInput | null | undefined): Place {
  if (!input) return { at: 'END' };
  const { afterItemId, beforeItemId, at } = input;
  const given = [afterItemId, beforeItemId, at].filter((part) => part !== null && part !== undefined);
  if (given.length !== 1)
    throw badUserInput(
      `input.place: expected exactly one of afterItemId, beforeItemId, at, got ${given.length}`,
    );
  if (afterItemId) return { afterItemId: idArgument('input.place.afterItemId', afterItemId, 'item') };
  if (beforeItemId) return { beforeItemId: idArgument('input.place.beforeItemId', beforeItemId, 'item') };
  return { at: at as 'START' | 'END' };
}

/** Problems in the schema's shape. */
export const toUserErrors = (problems: readonly Problem[]): UserError[] =>
  problems.map(({ field, code, message }) => ({ field: field ? ['input', ...field] : null, code, message }));
