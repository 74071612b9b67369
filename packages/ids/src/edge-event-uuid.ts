import { v5 } from 'uuid';

/**
 * The id of the event that tells something of the traffic of the edge: a UUIDv5 (RFC 9562, 5.5) of what it was counted from, so that
 * the same has the same id however often it is counted.
 * @param counted names what was counted: a piece of an access log, and what of it
 */
export const edgeEventUuid = (counted: string): string => v5(counted, edgeEvents);

// Made once at random; changing it would change the ids of all such events.
const edgeEvents = 'd4f0c2a8-57b1-4e0e-8f5a-90a5d1c6be37';
