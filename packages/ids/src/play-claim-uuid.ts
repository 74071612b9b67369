import { v5 } from 'uuid';

/**
 * What a play is claimed by: a UUIDv5 (RFC 9562, 5.5) of the account and the id that its client made up, so that whoever learns an id
 * of another account's play and tells it first takes nothing away from it.
 * @param userId a UUID
 * @param playId a UUID
 */
export const playClaimUuid = (userId: string, playId: string): string => v5(playId, userId);
