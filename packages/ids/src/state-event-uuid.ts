import { v5 } from 'uuid';

/**
 * The id of the event that tells a state: a UUIDv5 (RFC 9562, 5.5) of topic, key and version of the state, so that the same
 * state has the same id however often it is told.
 * @param topic `users.changed.v1`
 * @param key of the event
 */
export const stateEventUuid = (topic: string, key: string, stateVersion: number): string =>
  v5(`${topic} ${key} ${stateVersion}`, stateEvents);

// Made once at random; changing it would change the ids of all events.
const stateEvents = '5b3f7e0a-8a1e-4b53-9d0c-3e3d6a9f2c71';
