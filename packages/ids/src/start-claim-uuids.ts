import { v5 } from 'uuid';

/**
 * What one measured start is claimed by, beside the id of its event: UUIDv5 (RFC 9562, 5.5), so that no client can make up an id that is
 * one of these.
 */

/** That something was started under a grant. @param decisionId `decision_…` */
export const grantStartUuid = (decisionId: string): string => v5(decisionId, startClaims);

/**
 * That an account started something within a minute.
 * @param userId `user_…`
 * @param minute since 1970, whole
 */
export const minuteStartUuid = (userId: string, minute: number): string =>
  v5(`${userId} ${minute}`, startClaims);

// Made once at random; changing it would count some starts twice.
const startClaims = '2bc9bc50-ef04-4163-9a9e-822d3ed48990';
