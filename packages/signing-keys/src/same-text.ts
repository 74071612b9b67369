import { timingSafeEqual } from 'node:crypto';

/**
 * Whether two signatures are spelled alike, found out in a time that does not tell how much of one was right. Texts are compared, not the
 * bytes they decode to: of 32 bytes in base64url the last character has two spare bits, so that four spellings decode alike.
 */
export function isSameText(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
