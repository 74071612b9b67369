import type { ArchiveStore } from '../domain/archive-store.ts';

/** The days that the archive has something of, from one on, the newest first. */
export async function daysOfArchive(
  archive: Pick<ArchiveStore, 'list'>,
  from: string,
): Promise<readonly string[]> {
  const days = new Set<string>();
  for await (const { name } of archive.list('plays/', { from: `plays/date=${from}/` })) {
    const day = /^plays\/date=(\d{4}-\d{2}-\d{2})\//.exec(name)?.[1];
    if (day) days.add(day);
  }
  return [...days].sort().reverse();
}

/** `2026-02-28` is followed by `2026-03-01`. */
export const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
