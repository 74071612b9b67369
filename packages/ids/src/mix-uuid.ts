import { v5 } from 'uuid';

/**
 * The id of a mix: a UUIDv5 (RFC 9562, 5.5) of what it is, so that whoever makes it a second time makes the same.
 * @param userId a UUID
 * @param period the first day for which it is made: `2026-11-23`
 */
export const mixUuidOf = (userId: string, kind: string, slot: number, period: string): string =>
  v5(`${kind} ${slot} ${period} ${generation}`, userId);

/** Raised when mixes are made in another way, and those that are there already are to give way at once. */
const generation = 1;
