import type { CatalogFacts } from './catalog-facts.ts';

/** Something that was played often. */
export interface Played {
  /** A UUID. */
  readonly id: string;
  readonly plays: number;
}

/** How far down a list of what was played most goes. */
export const mostRanked = 1_000;

/** The most played first, of equals by id. */
export function rankPlayed(counts: ReadonlyMap<string, number>): Played[] {
  return [...counts]
    .map(([id, plays]): Played => ({ id, plays }))
    .filter(({ plays }) => plays > 0)
    .sort((one, other) => other.plays - one.plays || (one.id < other.id ? -1 : 1))
    .slice(0, mostRanked);
}

/** Counts for artists what was counted for tracks, by the credits that these have today; a track that is unknown counts for nobody. */
export async function creditArtists(
  counts: ReadonlyMap<string, number>,
  facts: Pick<CatalogFacts, 'findTracks'>,
): Promise<Map<string, number>> {
  const ids = [...counts.keys()];
  const credited = new Map<string, number>();
  for (let index = 0; index < ids.length; index += atOnce) {
    for (const { id, artistIds } of (await facts.findTracks(ids.slice(index, index + atOnce))).values()) {
      for (const artistId of new Set(artistIds))
        credited.set(artistId, (credited.get(artistId) ?? 0) + (counts.get(id) ?? 0));
    }
  }
  return credited;
}

const atOnce = 5_000;

/** Over which time plays are counted; see `ListeningRange` of the schema. */
export type ListeningRange = 'LAST_4_WEEKS' | 'LAST_6_MONTHS' | 'ALL_TIME';

/** The first moment that counts; null for all time. */
export function beginningOf(range: ListeningRange, now: Date): Date | null {
  if (range === 'ALL_TIME') return null;
  return new Date(now.getTime() - days[range] * 86_400_000);
}

const days = { LAST_4_WEEKS: 28, LAST_6_MONTHS: 182 } as const;
