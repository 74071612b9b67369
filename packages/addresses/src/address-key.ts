import { plainAddress } from './plain-address.ts';

/**
 * Whom an address counts as. An IPv6 address counts with all others of its /64, which is what one household gets: else
 * a single machine would have as many limits as it can make up addresses (RFC 6177).
 * @param address as the connection or a trusted proxy tells it; null and what is no address count as one and the same
 */
export function addressKey(address: string | null): string {
  const plain = plainAddress(address ?? '');
  if (plain === null) return 'unknown';
  return plain.includes(':') ? `${firstGroups(plain, 4).join(':')}::/64` : plain;
}

/** The first of the eight groups of an IPv6 address in its usual spelling. */
function firstGroups(address: string, count: number): string[] {
  const [head = '', tail] = address.split('::');
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [
    string[],
    string[],
  ];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after].slice(0, count);
}
