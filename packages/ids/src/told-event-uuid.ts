import { v5 } from 'uuid';

/**
 * The id of the event that tells what a client told under an id of its own: a UUIDv5 (RFC 9562, 5.5) of both. The same when the client
 * tells the same again, another one for something else under the same id.
 * @param toldId a UUID that a client made up
 * @param contentHash of all that was told, and by whom
 */
export const toldEventUuid = (toldId: string, contentHash: string): string => v5(contentHash, toldId);
