import { widerGenres } from '@medley/catalog/domain/genre-taxonomy';
import { createSampleCatalog } from '@medley/catalog/sample/sample-catalog';
import type { ContentTrack } from '@medley/recommendations/content/track-content';
import { createRandom } from '../random.ts';

/** The sample catalog as recommendations know it. */
export interface SampleLibrary {
  readonly tracks: readonly ContentTrack[];
  readonly artistIds: readonly string[];
  readonly genres: readonly { readonly id: string; readonly parentId: string | null }[];
}

export function readSampleLibrary(): SampleLibrary {
  const { artists, genres, tracks } = createSampleCatalog();
  const genreIds = new Map(artists.map(({ id, values }) => [id, values.genreIds ?? []]));
  const slugs = new Map(genres.map(({ id, values }) => [values.slug ?? '', id]));
  return {
    artistIds: artists.map(({ id }) => id),
    genres: genres.map(({ id, values }) => {
      const wider = widerGenres(values.slug ?? '').find((slug) => slugs.has(slug));
      return { id, parentId: wider === undefined ? null : (slugs.get(wider) ?? null) };
    }),
    tracks: tracks.map(({ values }) => ({
      title: values.title ?? '',
      popularity: values.popularity ?? 0,
      artistIds: values.artistIds ?? [],
      genreIds: [...new Set((values.artistIds ?? []).flatMap((id) => genreIds.get(id) ?? []))],
      features: values.audioFeatures ?? null,
    })),
  };
}

/**
 * What invented listeners played: the numbers of tracks, each once, by listener. Each likes two genres, and in these what sounds like
 * one certain track: this is said, not found. One play in five is of anything, by popularity.
 */
export function inventListening(
  { tracks }: SampleLibrary,
  listeners: number,
  playsOfEach: number,
  seed: number,
): readonly (readonly number[])[] {
  const random = createRandom(seed);
  const popularityOf = (number: number) => tracks[number]?.popularity ?? 0;
  const playable = tracks.flatMap(({ popularity }, number) => (popularity >= leastPopular ? [number] : []));
  const everywhere = createLottery(playable, popularityOf);
  return Array.from({ length: listeners }, () => {
    const model = tracks[everywhere(random.next())] as ContentTrack;
    const other = tracks[everywhere(random.next())] as ContentTrack;
    const liked = new Set([model.genreIds[0], other.genreIds[0]]);
    const likes = createLottery(
      playable.filter((number) => liked.has(tracks[number]?.genreIds[0])),
      (number) => popularityOf(number) * Math.exp(-((distance(model, tracks[number]) / reach) ** 2)),
    );
    const played = new Set<number>();
    for (let play = 0; play < playsOfEach; play += 1)
      played.add((random.next() < 0.8 ? likes : everywhere)(random.next()));
    return [...played];
  });
}

const leastPopular = 12;
/** How far from the one track what is liked may sound. */
const reach = 0.08;
const shares = ['energy', 'valence', 'danceability', 'acousticness', 'instrumentalness'] as const;

/** The mean of how far features lie apart, 0 to 1. */
function distance(one: ContentTrack, other: ContentTrack | undefined): number {
  const [features, others] = [one.features, other?.features];
  if (!features || !others) return 0.2;
  return shares.reduce((sum, name) => sum + Math.abs(features[name] - others[name]), 0) / shares.length;
}

/** Draws by weight, for a number from 0 to less than 1. */
function createLottery(items: readonly number[], weightOf: (item: number) => number) {
  let sum = 0;
  const sums = items.map((item) => {
    sum += weightOf(item);
    return sum;
  });
  return (drawn: number): number => {
    let [low, high] = [0, items.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] as number) > drawn * sum) high = middle;
      else low = middle + 1;
    }
    return items[low] as number;
  };
}
