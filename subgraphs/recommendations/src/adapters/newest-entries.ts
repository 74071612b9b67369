import type { LibraryEntry } from '../domain/taste-profile.ts';

/** Of each thing the entry with the highest version: a statement writes a row once. */
export function newestEntries(entries: readonly LibraryEntry[]): readonly LibraryEntry[] {
  const newest = new Map<string, LibraryEntry>();
  for (const entry of entries) {
    const key = `${entry.userId} ${entry.itemId}`;
    const known = newest.get(key);
    if (!known || known.version < entry.version) newest.set(key, entry);
  }
  return [...newest.values()];
}
