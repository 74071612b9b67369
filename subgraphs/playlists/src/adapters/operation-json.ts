import { z } from 'zod';
import { isClock } from '../domain/hybrid-clock.ts';
import type { Change, Operation } from '../domain/operation.ts';
import { isPosition } from '../domain/position.ts';
import type { Problem } from '../domain/problem.ts';

/** What the column `data` of an operation holds. */
export const writeData = ({ change, problems }: Operation): string => JSON.stringify({ change, problems });

/** @throws ZodError */
export const readData = (data: unknown): { change: Change; problems: readonly Problem[] } =>
  dataSchema.parse(data);

/** An operation as one replica hands it to another. */
export const writeOperation = (operation: Operation): string => JSON.stringify(operation);

/** @throws ZodError, SyntaxError */
export const readOperation = (text: string): Operation => operationSchema.parse(JSON.parse(text));

const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const date = z.iso.datetime().transform((text) => new Date(text));
const position = z.string().max(10_000).refine(isPosition);
const addedItem = z.object({
  id: uuid,
  trackId: uuid,
  albumId: uuid.nullable(),
  position,
  addedAt: date.optional(),
});
const privacy = z.enum(['PUBLIC', 'UNLISTED', 'PRIVATE']);
const changeSchema: z.ZodType<Change> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('CREATE'),
    ownerId: uuid,
    name: z.string(),
    description: z.string().nullable(),
    privacy,
    items: z.array(addedItem),
    createdAt: date.optional(),
  }),
  z.object({ type: z.literal('RENAME'), name: z.string() }),
  z.object({ type: z.literal('DESCRIBE'), description: z.string().nullable() }),
  z.object({ type: z.literal('SET_PRIVACY'), privacy }),
  z.object({ type: z.literal('DELETE') }),
  z.object({ type: z.literal('ADD_COLLABORATOR'), userId: uuid }),
  z.object({ type: z.literal('REMOVE_COLLABORATOR'), userId: uuid }),
  z.object({ type: z.literal('ADD_ITEMS'), items: z.array(addedItem) }),
  z.object({ type: z.literal('REMOVE_ITEMS'), itemIds: z.array(uuid) }),
  z.object({ type: z.literal('MOVE_ITEMS'), items: z.array(z.object({ id: uuid, position })) }),
  z.object({ type: z.literal('REPLACE_ITEMS'), removedIds: z.array(uuid), items: z.array(addedItem) }),
]);
const problem: z.ZodType<Problem> = z.object({
  field: z.array(z.string()).nullable(),
  code: z.enum([
    'INVALID',
    'TOO_SHORT',
    'TOO_LONG',
    'NOT_FOUND',
    'FORBIDDEN',
    'CONFLICT',
    'STALE_OPERATION',
    'OPERATION_ID_REUSED',
    'LIMIT_REACHED',
  ]),
  message: z.string(),
});
const dataSchema = z.object({ change: changeSchema, problems: z.array(problem) });
const operationSchema = dataSchema.extend({
  id: uuid,
  playlistId: uuid,
  actorId: uuid.nullable(),
  replica: z.string().regex(/^[a-z0-9]{1,16}$/),
  revision: z.number().int().min(1),
  clock: z.string().refine(isClock),
  acceptedAt: date,
  digest: z.string(),
});
