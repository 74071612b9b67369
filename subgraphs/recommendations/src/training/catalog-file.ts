import { createReadStream } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CatalogFacts, GenreFacts, TrackFacts } from '../domain/catalog-facts.ts';

/** What a training knows of a track. Its number is its place: tracks are sorted by id. */
export type CatalogTrack = Pick<
  TrackFacts,
  'id' | 'title' | 'popularity' | 'artistIds' | 'genreIds' | 'features'
>;

export type TrainingGenre = Pick<GenreFacts, 'id' | 'parentId'>;

const pageSize = 1_000;

/**
 * Writes the tracks that may be played anywhere, and their genres, for the threads that compute: they have no way to the rows.
 * @returns how many tracks there are
 */
export async function writeCatalogFiles(
  folder: string,
  facts: Pick<CatalogFacts, 'tracksAfter' | 'findGenres'>,
  signal: AbortSignal,
): Promise<number> {
  const genreIds = new Set<string>();
  const file = await open(join(folder, 'tracks.ndjson'), 'w');
  let tracks = 0;
  try {
    for (let after: string | null = null; ; ) {
      signal.throwIfAborted();
      const page: readonly TrackFacts[] = await facts.tracksAfter(after, pageSize);
      const last = page.at(-1);
      if (!last) break;
      after = last.id;
      const playable = page.filter(({ withdrawn, markets }) => !withdrawn && markets.size > 0);
      await file.writeFile(playable.map(toLine).join(''));
      tracks += playable.length;
      for (const track of playable) for (const id of track.genreIds) genreIds.add(id);
    }
  } finally {
    await file.close();
  }
  await writeFile(join(folder, 'genres.json'), JSON.stringify(await findWithParents(facts, genreIds)));
  return tracks;
}

const toLine = (track: TrackFacts): string => {
  const { id, title, popularity, artistIds, genreIds, features } = track;
  const known: CatalogTrack = { id, title, popularity, artistIds, genreIds, features };
  return `${JSON.stringify(known)}\n`;
};

/** Genres, and all that they belong to. */
async function findWithParents(
  facts: Pick<CatalogFacts, 'findGenres'>,
  ids: ReadonlySet<string>,
): Promise<readonly TrainingGenre[]> {
  const found = new Map<string, TrainingGenre>();
  for (let wanted = [...ids]; wanted.length > 0; ) {
    const genres = await facts.findGenres(wanted);
    for (const { id, parentId } of genres.values()) found.set(id, { id, parentId });
    const parents = [...genres.values()].flatMap(({ parentId }) => parentId ?? []);
    wanted = [...new Set(parents)].filter((id) => !found.has(id));
  }
  return [...found.values()];
}

/** The tracks in the order of their numbers; some 500 bytes each in memory. */
export async function readTracks(folder: string): Promise<readonly CatalogTrack[]> {
  const tracks: CatalogTrack[] = [];
  for await (const line of createInterface({ input: createReadStream(join(folder, 'tracks.ndjson')) }))
    tracks.push(JSON.parse(line));
  return tracks;
}

export const readGenres = async (folder: string): Promise<readonly TrainingGenre[]> =>
  JSON.parse(await readFile(join(folder, 'genres.json'), 'utf8'));

/** The artists of tracks; the number of one is its place. */
export const artistsOf = (tracks: readonly Pick<CatalogTrack, 'artistIds'>[]): readonly string[] =>
  [...new Set(tracks.flatMap(({ artistIds }) => artistIds))].sort();
