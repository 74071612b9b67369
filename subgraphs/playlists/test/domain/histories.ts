import { createHash } from 'node:crypto';
import { itemUuidOf, playlistUuidOf } from '@medley/ids';
import fc from 'fast-check';
import type { Privacy } from '../../src/domain/playlist.ts';
import type { Place } from '../../src/domain/playlist-repository.ts';
import { readSnapshot } from '../../src/domain/snapshot.ts';
import { type Edit, uuid } from './replicas.ts';

/** One step of a history. Numbers are taken modulo what there is. */
export type Step =
  | { readonly type: 'edit'; readonly replica: number; readonly edit: RandomEdit }
  /** Sends an edit once more, to some replica. */
  | { readonly type: 'repeat'; readonly replica: number; readonly of: number }
  /** Hands some operations of one replica to another, in any order. */
  | {
      readonly type: 'deliver';
      readonly from: number;
      readonly to: number;
      readonly which: readonly number[];
    };

export interface RandomEdit {
  readonly kind: (typeof kinds)[number];
  readonly who: number;
  readonly items: readonly number[];
  readonly place: readonly [kind: number, item: number];
  readonly number: number;
}

export const people = [uuid(9, 0), uuid(9, 1), uuid(9, 2)] as const;
const [owner] = people;
const kinds = [
  'add',
  'remove',
  'move',
  'replace',
  'rename',
  'describe',
  'privacy',
  'invite',
  'part',
  'delete',
] as const;

/** The first operation of every history. */
export const firstOperationId = operationIdOf(0);
export const playlistId = playlistUuidOf(firstOperationId);
export const create: Edit = ({ create }) =>
  create({
    operationId: firstOperationId,
    viewerId: owner,
    name: 'First',
    description: null,
    privacy: 'PUBLIC',
    trackIds: [uuid(1, 0), uuid(1, 1), uuid(1, 2)],
  });

/** Like those of clients: at random, though the same in each run. */
export function operationIdOf(number: number): string {
  const hex = createHash('sha256').update(String(number)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What a random edit means, as the `number`th of its history. */
export function toEdit({ kind, who, items, place, number }: RandomEdit, index: number, seen: string): Edit {
  const request = {
    operationId: operationIdOf(index),
    viewerId: people[who % people.length] as string,
    playlistId,
    ifSnapshot: null,
  };
  // Of this history: some that are here, some that are not here yet, and some that never will.
  const itemOf = (chosen: number) => itemUuidOf(operationIdOf(chosen % (index + 1)), chosen % 3);
  const itemIds = items.map(itemOf);
  const trackIds = items.map((chosen) => uuid(1, chosen % 50));
  const [placeKind, placeItem] = place;
  const places: Place[] = [
    { at: 'START' },
    { at: 'END' },
    { afterItemId: itemOf(placeItem) },
    { beforeItemId: itemOf(placeItem) },
  ];
  const where = { place: places[placeKind % places.length] as Place };
  const userId = people[1 + (number % 2)] as string;
  switch (kind) {
    case 'add':
      return ({ addItems }) => addItems({ ...request, trackIds, ...where });
    case 'remove':
      return ({ removeItems }) => removeItems({ ...request, itemIds });
    case 'move':
      return ({ moveItems }) => moveItems({ ...request, itemIds, ...where });
    case 'replace':
      return ({ replaceItems }) => replaceItems({ ...request, trackIds, seen: readSnapshot(seen) ?? {} });
    case 'rename':
      return ({ rename }) => rename({ ...request, name: `Name ${number}` });
    case 'describe':
      return ({ describe }) => describe({ ...request, description: number % 3 ? `Text ${number}` : null });
    case 'privacy':
      return ({ setPrivacy }) => setPrivacy({ ...request, privacy: privacies[number % 3] as Privacy });
    case 'invite':
      return ({ addCollaborator }) => addCollaborator({ ...request, userId });
    case 'part':
      return ({ removeCollaborator }) => removeCollaborator({ ...request, userId });
    case 'delete':
      return (editor) => editor.delete(request);
  }
}

const privacies: Privacy[] = ['PUBLIC', 'UNLISTED', 'PRIVATE'];

const number = fc.nat({ max: 1_000 });
const randomEdit: fc.Arbitrary<RandomEdit> = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('add' as const) },
    { weight: 4, arbitrary: fc.constantFrom('remove' as const, 'move' as const, 'move' as const) },
    { weight: 4, arbitrary: fc.constantFrom(...kinds.filter((kind) => kind !== 'delete')) },
  ),
  who: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: number }),
  items: fc.array(number, { minLength: 1, maxLength: 4 }),
  place: fc.tuple(number, number),
  number,
});

/** @param maxLength in steps; five at least */
export const randomSteps = (maxLength: number): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ type: fc.constant('edit' as const), replica: number, edit: randomEdit }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ type: fc.constant('repeat' as const), replica: number, of: number }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          type: fc.constant('deliver' as const),
          from: number,
          to: number,
          which: fc.array(number, { maxLength: 10 }),
        }),
      },
    ),
    // As often long as short: fast-check would prefer short ones.
    { minLength: 5, maxLength, size: 'max' },
  );
