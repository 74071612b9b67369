import { isIP } from 'node:net';

/**
 * An IP address in its own family; null when it is none. A socket that listens to both families shows IPv4 callers as
 * `::ffff:192.0.2.1`.
 */
export function plainAddress(text: string): string | null {
  const plain = text.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  return isIP(plain) === 0 ? null : plain;
}
