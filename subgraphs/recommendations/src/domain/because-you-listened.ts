import type { Shelf, ShelfItem } from './shelf.ts';
import type { ShelfWork } from './shelves.ts';
import type { SimilarItem } from './similar-tracks.ts';

const mostShelves = 3;
/** So many at most, as there are other shelves that want some. */
const mostItems = 30;
/** Tracks of one artist that a shelf is made from. */
const mostTracks = 5;

/**
 * For each of the last three artists whom the account heard, and did not skip since: what is like their tracks. What was played lately
 * is left out: it is something new that is wanted here.
 */
export async function becauseYouListened(work: ShelfWork): Promise<Shelf[]> {
  const { facts, profile, audience, similarTracks } = work;
  const recent = profile?.recent ?? [];
  if (recent.length === 0) return [];
  const tracks = await facts.findTracks([...new Set(recent.map(({ trackId }) => trackId))]);
  const seeds = new Map<string, string[]>();
  const skipped = new Set<string>();
  for (const { trackId, signal } of recent) {
    const artistId = tracks.get(trackId)?.artistIds[0];
    if (!artistId || signal === 0) continue;
    const seed = seeds.get(artistId);
    // The newest of an artist comes first: a skip before anything was heard is the last word.
    if (signal < 0 && !seed) skipped.add(artistId);
    if (signal < 0 || skipped.has(artistId)) continue;
    if (seed && seed.length < mostTracks && !seed.includes(trackId)) seed.push(trackId);
    else if (!seed && seeds.size < mostShelves) seeds.set(artistId, [trackId]);
  }

  const filter = { ...audience, includeUnavailable: false };
  const asked = [...seeds.values()].flat().map((id) => ({ id, skip: 0, limit: alikeOfSeed }));
  const pages = await similarTracks(filter, asked);
  const similar = new Map(asked.map(({ id }, index) => [id, pages[index]?.items ?? []]));
  const played = new Set(recent.map(({ trackId }) => trackId));
  return [...seeds].map(([artistId, trackIds]): Shelf => {
    const merged = merge(trackIds.map((id) => similar.get(id) ?? []));
    const items = merged
      // What is merely popular is not there because of anybody.
      .filter(({ id, reason }) => !played.has(id) && reason !== 'POPULAR')
      .slice(0, mostItems)
      .map(
        ({ id, reason, because, modelled }): ShelfItem => ({
          thing: { kind: 'TRACK', id },
          ...{ reason, because, source: 'LIVE', modelled },
        }),
      );
    return { kind: 'BECAUSE_YOU_LISTENED', because: { kind: 'ARTIST', id: artistId }, items };
  });
}

/** What several tracks have in common comes before what only one of them has. */
function merge(lists: readonly (readonly SimilarItem[])[]): SimilarItem[] {
  const best = new Map<string, { item: SimilarItem; sum: number }>();
  for (const item of lists.flat()) {
    const known = best.get(item.id);
    const isBetter = !known || known.item.score < item.score;
    best.set(item.id, { item: isBetter ? item : known.item, sum: (known?.sum ?? 0) + item.score });
  }
  return [...best.values()].sort((one, other) => other.sum - one.sum).map(({ item }) => item);
}

/** Fewer than lists of a model hold: what they are filled up with costs more. */
const alikeOfSeed = 60;
