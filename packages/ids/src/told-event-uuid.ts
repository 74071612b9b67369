import { v5 } from 'uuid';

/**
 * The id of an event by what it tells: a UUIDv5 (RFC 9562, 5.5). The same when the same is told again, another one for something else
 * of the same thing, as when a client tells two things under one id.
 * @param subject the id of what it is about
 * @param content all that is told, or a hash of it
 */
export const toldEventUuid = (subject: string, content: string): string =>
  v5(`${subject} ${content}`, toldEvents);

// Made once at random; changing it would change the ids of all such events.
const toldEvents = '7c1f0d52-5b0e-4f0f-9d3e-2a8d0b6e4c19';
