import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { CatalogFacts, TrackFacts } from '../domain/catalog-facts.ts';

/** What a training knows of a track. Its number is its place: tracks are sorted by id. */
export type CatalogTrack = Pick<
  TrackFacts,
  'id' | 'title' | 'explicit' | 'popularity' | 'albumId' | 'artistIds' | 'genreIds' | 'features'
>;

const pageSize = 1_000;

/**
 * Writes the tracks that may be played anywhere, one a line, for the threads that compute: they have no way to the rows.
 * @returns how many they are
 */
export async function writeCatalogFile(
  path: string,
  facts: Pick<CatalogFacts, 'tracksAfter'>,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress?: (tracks: number) => void },
): Promise<number> {
  const file = await open(path, 'w');
  try {
    let tracks = 0;
    let after: string | null = null;
    for (;;) {
      signal.throwIfAborted();
      const page: readonly TrackFacts[] = await facts.tracksAfter(after, pageSize);
      const last = page.at(-1);
      if (!last) break;
      after = last.id;
      const playable = page.filter(({ withdrawn, markets }) => !withdrawn && markets.size > 0);
      await file.write(playable.map(toLine).join(''));
      tracks += playable.length;
      onProgress?.(tracks);
    }
    await file.sync();
    return tracks;
  } finally {
    await file.close();
  }
}

const toLine = (track: TrackFacts): string => {
  const { id, title, explicit, popularity, albumId, artistIds, genreIds, features } = track;
  const known: CatalogTrack = { id, title, explicit, popularity, albumId, artistIds, genreIds, features };
  return `${JSON.stringify(known)}\n`;
};

/** The tracks in the order of their numbers; some 500 bytes each in memory. */
export async function readCatalogFile(path: string): Promise<readonly CatalogTrack[]> {
  const tracks: CatalogTrack[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) tracks.push(JSON.parse(line));
  return tracks;
}

/** The artists of tracks; the number of one is its place. */
export const artistsOf = (tracks: readonly Pick<CatalogTrack, 'artistIds'>[]): readonly string[] =>
  [...new Set(tracks.flatMap(({ artistIds }) => artistIds))].sort();
