/**
 * Hybrid logical clocks: the time of day where it has moved on, a counter where it has not, so that an edit is always
 * later than everything that was merged before it, however wrong a replica's clock is. Kulkarni et al., "Logical Physical
 * Clocks and Consistent Snapshots in Globally Distributed Databases", 2014.
 *
 * A text that sorts by its bytes: 12 hex digits of milliseconds since 1970, 4 of the counter, `-`, the replica. A clock is
 * only compared within one playlist, whose row keeps the last one: no two operations of a playlist have the same.
 */

/** Before every clock. */
export const noClock = '';

/**
 * @param last the latest clock that the playlist has, of any replica
 * @param nowMs milliseconds since 1970
 * @param replica 1 to 16 lower case letters and digits
 * @returns a clock after `last`
 */
export function tick(last: string, nowMs: number, replica: string): string {
  const ms = last === noClock ? -1 : Number.parseInt(last.slice(0, 12), 16);
  if (nowMs > ms) return write(nowMs, 0, replica);
  const counter = Number.parseInt(last.slice(12, 16), 16);
  return counter < maxCounter ? write(ms, counter + 1, replica) : write(ms + 1, 0, replica);
}

/** Whether a text has the form of a clock. */
export const isClock = (text: string): boolean => /^[0-9a-f]{16}-[a-z0-9]{1,16}$/.test(text);

const maxCounter = 0xffff;

const write = (ms: number, counter: number, replica: string) =>
  `${ms.toString(16).padStart(12, '0')}${counter.toString(16).padStart(4, '0')}-${replica}`;
