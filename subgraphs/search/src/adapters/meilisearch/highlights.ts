import type { IndexedHit } from '../../domain/search-index.ts';
import { plainLetters } from '../plain-letters.ts';

/**
 * Ranges in UTF-16 units, made of Meilisearch's, which count the bytes of the title in plain letters.
 * @param matches in any order; they may overlap
 */
export function highlightsOf(
  title: string,
  matches: readonly { readonly start: number; readonly length: number }[],
): IndexedHit['highlights'] {
  if (matches.length === 0) return [];
  const places = placesByByte(title);
  const ranges: { start: number; end: number }[] = [];
  for (const { start, length } of matches.toSorted((a, b) => a.start - b.start || b.length - a.length)) {
    const range = { start: places.start(start), end: places.end(start + length - 1) };
    const last = ranges.at(-1);
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end);
    else if (range.end > range.start) ranges.push(range);
  }
  return ranges;
}

/** Where the character begins and ends that a byte of the title in plain letters comes from. */
function placesByByte(title: string): { start(byte: number): number; end(byte: number): number } {
  const starts: number[] = [];
  const ends: number[] = [];
  let unit = 0;
  for (const character of title) {
    const bytes = Buffer.byteLength(plainLetters(character));
    for (let byte = 0; byte < bytes; byte++) {
      starts.push(unit);
      ends.push(unit + character.length);
    }
    unit += character.length;
  }
  return { start: (byte) => starts[byte] ?? unit, end: (byte) => ends[byte] ?? unit };
}
