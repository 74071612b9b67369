import { sampleLandmarks } from '@medley/catalog/sample/landmarks';
import { createRandom, type Random } from '@medley/catalog/sample/random';
import { createSampleCatalog } from '@medley/catalog/sample/sample-catalog';
import { encodeId } from '@medley/ids';
import type { AudioQuality, TrackFacts } from '@medley/streaming/sample/sample-decision';
import type { SampleListener } from './sample-listeners.ts';

/** What there is to listen to. */
export interface SampleTracks {
  /** One that may be played there, by how popular it is. */
  pick(random: Random, market: string): TrackFacts;
  /** One of the few artists and kinds of music that this listener likes, if it may be played there. */
  pickLiked(random: Random, listener: Pick<SampleListener, 'viewer' | 'market'>): TrackFacts;
  /** One by how popular it is, wherever it may be played: as a link from abroad leads to one. */
  pickAnywhere(random: Random): TrackFacts;
  /** One of those about which something is special: withdrawn, not released yet, sold nowhere. */
  pickSpecial(random: Random): TrackFacts;
}

/** Few listeners know only what is popular; else no track would be heard twice in most markets. 0 to 100. */
const knownFrom = 25;

/** The sample catalog, as listeners choose from it. */
export function listSampleTracks(): SampleTracks {
  const { albums, artists, tracks } = createSampleCatalog();
  const genres = new Map(artists.map(({ id, values }) => [id, values.genreIds ?? []]));
  const releases = new Map(albums.map(({ id, values }) => [id, values.release?.date]));
  const known = tracks.map(({ id, values }) => {
    const date = values.albumId ? releases.get(values.albumId) : undefined;
    return {
      popularity: values.popularity ?? 0,
      artistIds: values.artistIds ?? [],
      genreId: genres.get(values.artistIds?.[0] ?? '')?.[0],
      facts: {
        id: encodeId('track', id),
        withdrawn: Boolean(values.withdrawnAt),
        releasedAt: date ? new Date(date.padEnd(10, '-01')) : null,
        availableMarkets: values.availableMarkets ?? [],
        explicit: values.explicit ?? false,
        durationMs: values.durationMs ?? 0,
        encodings: (values.encodings ?? []) as AudioQuality[],
        version: 1,
        alternatives: [],
      } satisfies TrackFacts,
    };
  });
  // The popularity of the sample catalog is the logarithm of a rank: so plays fall with the rank, after Zipf. Not steeply: by a hundred
  // plays of a track its popularity would be measured, and few people's listening is no measure.
  const weigh = ({ popularity }: Heard) => (tracks.length + 1) ** ((0.5 * popularity) / 100);
  const heard = known.filter(({ popularity, facts }) => popularity >= knownFrom && !facts.withdrawn);
  const anywhere = createLottery<Heard>(heard, weigh);
  const byMarket = new Map<string, typeof anywhere>();
  const lotteryOf = (market: string) => {
    const made = byMarket.get(market) ?? createLottery(...tasteOf(market, heard, weigh));
    byMarket.set(market, made);
    return made;
  };
  const byListener = new Map<string, typeof anywhere>();
  const likedBy = ({ viewer, market }: Pick<SampleListener, 'viewer' | 'market'>) => {
    const made =
      byListener.get(viewer.id) ??
      createLottery(...likingOf(viewer.id, lotteryOf(market), market, heard, weigh));
    byListener.set(viewer.id, made);
    return made;
  };
  const landmarkIds = new Set<string>(Object.values(sampleLandmarks).map(({ id }) => id));
  const special = known.filter(({ facts }) => landmarkIds.has(facts.id)).map(({ facts }) => facts);
  return {
    pick: (random, market) => lotteryOf(market)(random).facts,
    pickLiked: (random, listener) => likedBy(listener)(random).facts,
    pickAnywhere: (random) => anywhere(random).facts,
    pickSpecial: (random) => random.pick(special),
  };
}

interface Heard {
  readonly popularity: number;
  readonly artistIds: readonly string[];
  /** What its first artist plays most. */
  readonly genreId: string | undefined;
  readonly facts: TrackFacts;
}

/** What may be played somewhere, and how much it is liked there: each market has hits of its own. */
function tasteOf(
  market: string,
  heard: readonly Heard[],
  weigh: (track: Heard) => number,
): [readonly Heard[], (track: Heard) => number] {
  const random = createRandom(`taste of ${market}`);
  const liked = new Map(heard.map((track) => [track, weigh(track) * (0.01 + random.next()) ** -1.1]));
  const playable = heard.filter(({ facts }) => facts.availableMarkets.includes(market));
  return [playable, (track) => liked.get(track) ?? 0];
}

/** What one listener likes: a few artists, by whom most is, and what is of the same kinds. Found by what is heard there. */
function likingOf(
  listenerId: string,
  draw: (random: Random) => Heard,
  market: string,
  heard: readonly Heard[],
  weigh: (track: Heard) => number,
): [readonly Heard[], (track: Heard) => number] {
  const random = createRandom(`liking of ${listenerId}`);
  const favourites = Array.from({ length: 5 }, () => draw(random));
  const artists = new Set(favourites.flatMap(({ artistIds }) => artistIds));
  const genres = new Set(favourites.slice(0, 2).map(({ genreId }) => genreId));
  const weights = new Map<Heard, number>();
  for (const track of heard) {
    if (!track.facts.availableMarkets.includes(market)) continue;
    const byArtist = track.artistIds.some((id) => artists.has(id)) ? 12 : 0;
    const byGenre = genres.has(track.genreId) ? 1 : 0;
    if (byArtist + byGenre > 0) weights.set(track, (byArtist + byGenre) * weigh(track));
  }
  return [[...weights.keys()], (track) => weights.get(track) ?? 0];
}

/** Draws items by their weights, in logarithmic time. */
function createLottery<Item>(items: readonly Item[], weightOf: (item: Item) => number) {
  let sum = 0;
  const sums = items.map((item) => {
    sum += weightOf(item);
    return sum;
  });
  return (random: Random): Item => {
    const drawn = random.next() * sum;
    let [low, high] = [0, items.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] as number) > drawn) high = middle;
      else low = middle + 1;
    }
    return items[low] as Item;
  };
}
