import { isIP, SocketAddress } from 'node:net';

/**
 * An IP address in its own family and its usual spelling; null when it is none. A socket that listens to both families
 * shows IPv4 callers as `::ffff:192.0.2.1`, some proxies write that as `::ffff:c000:201`, and some put a port behind it:
 * `192.0.2.1:443`, `[2001:db8::1]:443`.
 */
export function plainAddress(text: string): string | null {
  const bare = text
    .trim()
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/, '$1')
    .replace(/^\[(.*)\](?::\d{1,5})?$/, '$1')
    .replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 0) return null;
  if (family === 4) return bare;
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}
