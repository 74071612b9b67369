import { v5 } from 'uuid';

/**
 * Ids that are made of the id of a playlist operation, so that a client that is offline knows them before it sends the
 * operation, and names them in later ones: UUIDv5 (RFC 9562, 5.5) with the operation's id as the namespace.
 * `encodeId` makes them public.
 */

/** The playlist that an operation creates. @param operationId a UUID */
export const playlistUuidOf = (operationId: string): string => v5('playlist', operationId);

/**
 * The item that an operation adds.
 * @param operationId a UUID
 * @param index the place of its track among the operation's `trackIds`, from 0
 */
export const itemUuidOf = (operationId: string, index: number): string => v5(`item:${index}`, operationId);
