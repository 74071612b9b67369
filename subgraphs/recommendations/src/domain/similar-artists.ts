import type { ArtistFacts, CatalogFacts, TrackFacts } from './catalog-facts.ts';
import { type ListFilter, mayList, type NothingCode, whyNothing } from './list-filter.ts';
import type { ModelReader, Neighbour } from './models.ts';
import type { Because, Grounds } from './provenance.ts';
import type { AskedSimilar, SimilarItem, SimilarPage } from './similar-tracks.ts';

/** Artists that are found by their genres where a model tells nothing. */
const alikeMost = 50;
/** The most popular tracks of an artist, which tell in nearly all cases whether there is one to play. */
const glance = 10;
const wholeLook = 100;

/**
 * Artists like each of some artists: the neighbours that the model knows; where it knows none, those of the same genres, the more they
 * share the better. Left out are those without a track that may be listed.
 */
export function createSimilarArtists({
  models,
  facts,
}: {
  readonly models: Pick<ModelReader, 'serving' | 'neighbours'>;
  readonly facts: Pick<CatalogFacts, 'findArtists' | 'tracksOfArtists' | 'popular'>;
}) {
  return async (filter: ListFilter, asked: readonly AskedSimilar[]): Promise<SimilarPage[]> => {
    const ids = [...new Set(asked.map(({ id }) => id))];
    const [model, seeds] = await Promise.all([models.serving(), facts.findArtists(ids)]);
    const found = model
      ? await models.neighbours(model, 'ARTIST', [...seeds.keys()])
      : new Map<string, readonly Neighbour[]>();
    const lists = new Map([...found].map(([id, neighbours]) => [id, neighbours.map(toCandidate(id))]));
    const lonely = [...seeds.values()].filter(({ id }) => !lists.get(id)?.length);
    if (lonely.length > 0) for (const [id, list] of await findByGenre(lonely, filter)) lists.set(id, list);

    const candidates = [...new Set([...lists.values()].flat().map(({ id }) => id))];
    const [tracks, known] = await Promise.all([tracksOf(candidates, filter), facts.findArtists(candidates)]);
    const hasTracks = (id: string) => (tracks.get(id) ?? []).some((track) => mayList(track, filter));

    return asked.map(({ id, skip, limit }): SimilarPage => {
      const list = lists.get(id) ?? [];
      const items: SimilarItem[] = [];
      for (const [index, candidate] of list.entries()) {
        if (index < skip || candidate.id === id || !known.has(candidate.id)) continue;
        if (hasTracks(candidate.id)) items.push({ ...candidate, place: index + 1 });
        if (items.length > limit) break;
      }
      const seen = () => list.flatMap((candidate) => tracks.get(candidate.id) ?? []);
      return {
        items: items.slice(0, limit),
        hasMore: items.length > limit,
        lookedUntil: null,
        empty: !seeds.has(id)
          ? 'UNKNOWN_SEED'
          : skip === 0 && items.length === 0
            ? (whyNothing(seen(), filter) satisfies NothingCode)
            : null,
        model,
      };
    });
  };

  /** Those of artists: few, or many where none of the few may be listed. */
  async function tracksOf(artistIds: readonly string[], filter: ListFilter) {
    if (artistIds.length === 0) return new Map<string, readonly TrackFacts[]>();
    const tracks = new Map(await facts.tracksOfArtists(artistIds, glance));
    const doubtful = [...tracks].filter(
      ([, list]) => list.length >= glance && !list.some((track) => mayList(track, filter)),
    );
    if (doubtful.length === 0) return tracks;
    const more = await facts.tracksOfArtists(
      doubtful.map(([id]) => id),
      wholeLook,
    );
    for (const [id, list] of more) tracks.set(id, list);
    return tracks;
  }

  async function findByGenre(seeds: readonly ArtistFacts[], { market, explicit }: ListFilter) {
    const genreIds = [...new Set(seeds.flatMap((seed) => seed.genreIds))];
    if (genreIds.length === 0) return new Map<string, Candidate[]>();
    const popular = await facts.popular({ audience: { market, explicit }, genreIds, limit: 1_000 });
    const artists = await facts.findArtists([...new Set(popular.flatMap(({ artistIds }) => artistIds))]);
    return new Map(seeds.map((seed) => [seed.id, byGenre(seed, [...artists.values()])]));
  }
}
export type SimilarArtists = ReturnType<typeof createSimilarArtists>;

type Candidate = Omit<SimilarItem, 'place'>;

const toCandidate =
  (seedId: string) =>
  ({ id, score, reason }: Neighbour): Candidate => ({
    ...{ id, score, reason },
    because: { kind: 'ARTIST', id: seedId },
    source: 'BATCH',
    modelled: true,
  });

function byGenre(seed: ArtistFacts, artists: readonly ArtistFacts[]): Candidate[] {
  const because: Because = { kind: 'ARTIST', id: seed.id };
  const grounds: Grounds = { reason: 'SOUNDS_ALIKE', because, source: 'POPULAR', modelled: false };
  const shared = ({ genreIds }: ArtistFacts) => {
    const both = genreIds.filter((id) => seed.genreIds.includes(id)).length;
    return both / (genreIds.length + seed.genreIds.length - both);
  };
  const alike = artists
    .filter(({ id }) => id !== seed.id)
    .map((artist) => ({ id: artist.id, likeness: shared(artist), popularity: artist.popularity }))
    .filter(({ likeness }) => likeness > 0)
    .sort((one, other) => other.likeness - one.likeness || other.popularity - one.popularity)
    .slice(0, alikeMost);
  return alike.map(({ id }, index) => ({ id, ...grounds, score: 1 - index / alike.length }));
}
