import { v7 } from 'uuid';

/**
 * A UUIDv7 (RFC 9562): its first 48 bits are the time, so new rows and log lines stay in the order in which they were
 * made, and so do the ids that `encodeId` makes of them.
 */
export function newUuid(): string {
  return v7();
}
