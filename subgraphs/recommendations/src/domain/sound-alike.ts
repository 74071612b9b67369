import type { CatalogFacts, GenreFacts, TrackFacts } from './catalog-facts.ts';
import { createTrackEmbedding, dot } from './track-embedding.ts';

/** How much others are like one track by what they are: 0 to 1 each. */
export type SoundLikeness = (one: TrackFacts) => (other: TrackFacts) => number;

/**
 * What sounds alike, for tracks that the model does not know yet. What was computed for a track is kept as long as its facts are, and
 * anew when there are other genres.
 */
export function createSoundLikeness(facts: Pick<CatalogFacts, 'allGenres'>): () => Promise<SoundLikeness> {
  let known: { readonly genres: readonly GenreFacts[]; readonly likeness: SoundLikeness } | undefined;
  return async () => {
    const genres = await facts.allGenres();
    if (!known || !areSame(known.genres, genres)) known = { genres, likeness: likenessBy(genres) };
    return known.likeness;
  };
}

const areSame = (some: readonly GenreFacts[], others: readonly GenreFacts[]) =>
  some === others ||
  (some.length === others.length &&
    some.every(({ id, slug, parentId }, index) => {
      const other = others[index];
      return other?.id === id && other.slug === slug && other.parentId === parentId;
    }));

function likenessBy(genres: readonly GenreFacts[]): SoundLikeness {
  const embedding = createTrackEmbedding(genres);
  const vectors = new WeakMap<TrackFacts, Float32Array>();
  const vectorOf = (track: TrackFacts) => {
    const vector = vectors.get(track) ?? embedding.embed(track);
    vectors.set(track, vector);
    return vector;
  };
  return (one) => {
    const vector = vectorOf(one);
    return (other) => Math.min(1, Math.max(0, dot(vector, vectorOf(other))));
  };
}
