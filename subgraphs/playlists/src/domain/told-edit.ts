import { addedIdsOf, type Change, itemIdsOf, type Operation } from './operation.ts';

/** PlaylistEditKind of the schema. */
export type EditKind =
  | 'CREATED'
  | 'RENAMED'
  | 'DESCRIBED'
  | 'PRIVACY_CHANGED'
  | 'COLLABORATOR_ADDED'
  | 'COLLABORATOR_REMOVED'
  | 'ITEMS_ADDED'
  | 'ITEMS_REMOVED'
  | 'ITEMS_MOVED'
  | 'ITEMS_REPLACED';

/** An edit as those who follow the playlist are told of it. Ids are UUIDs. */
export interface ToldEdit {
  readonly operationId: string;
  readonly kind: EditKind;
  /** Null for an import and for what the service does itself. */
  readonly actorId: string | null;
  readonly at: Date;
  /** At most `maxItemsTold`; those that it added first. */
  readonly itemIds: readonly string[];
}

/** So many items of an edit are told. People name no more in one; imports do. */
const maxItemsTold = 100;

/** @returns null for the end of the playlist, of which nobody is told by an edit */
export function toToldEdit({ id, change, actorId, acceptedAt }: Operation): ToldEdit | null {
  if (change.type === 'DELETE') return null;
  const itemIds = [...new Set([...addedIdsOf(change), ...itemIdsOf(change)])].slice(0, maxItemsTold);
  return { operationId: id, kind: kinds[change.type], actorId, at: acceptedAt, itemIds };
}

const kinds: Readonly<Record<Exclude<Change['type'], 'DELETE'>, EditKind>> = {
  CREATE: 'CREATED',
  RENAME: 'RENAMED',
  DESCRIBE: 'DESCRIBED',
  SET_PRIVACY: 'PRIVACY_CHANGED',
  ADD_COLLABORATOR: 'COLLABORATOR_ADDED',
  REMOVE_COLLABORATOR: 'COLLABORATOR_REMOVED',
  ADD_ITEMS: 'ITEMS_ADDED',
  REMOVE_ITEMS: 'ITEMS_REMOVED',
  MOVE_ITEMS: 'ITEMS_MOVED',
  REPLACE_ITEMS: 'ITEMS_REPLACED',
};
