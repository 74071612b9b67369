import type { PlayedArtist } from '../domain/artist-clusters.ts';
import type { ArtistFacts } from '../domain/catalog-facts.ts';
import type { Neighbour } from '../domain/models.ts';

/** What artists have in common by their genres counts as much less than that people listen to both. */
const genreShare = 0.3;

/** How much two artists have in common, 0 to 1: by who listens to both, and by genre. */
export function createArtistsAlike(
  artists: readonly PlayedArtist[],
  neighbours: ReadonlyMap<string, readonly Neighbour[]>,
  facts: ReadonlyMap<string, ArtistFacts>,
): (one: string, other: string) => number {
  const scores = new Map(
    artists.map(({ id }) => [id, new Map(neighbours.get(id)?.map((each) => [each.id, each.score]))]),
  );
  const genres = new Map(artists.map(({ id }) => [id, new Set(facts.get(id)?.genreIds)]));
  return (one, other) => {
    // A list ends somewhere: of the two directions the one that is known.
    const together = Math.max(scores.get(one)?.get(other) ?? 0, scores.get(other)?.get(one) ?? 0);
    return Math.min(1, together + genreShare * overlap(genres.get(one), genres.get(other)));
  };
}

function overlap(one: ReadonlySet<string> = new Set(), other: ReadonlySet<string> = new Set()): number {
  const shared = [...one].filter((id) => other.has(id)).length;
  const all = one.size + other.size - shared;
  return all === 0 ? 0 : shared / all;
}
