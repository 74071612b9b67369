import { v5 } from 'uuid';

/**
 * The id of an event by what it tells: a UUIDv5 (RFC 9562, 5.5). The same when the same is told again, another one for something else
 * of the same thing, as when a client tells two things under one id.
 * @param subject the UUID of what it is about
 * @param content all that is told, or a hash of it
 */
export const toldEventUuid = (subject: string, content: string): string => v5(content, subject);
