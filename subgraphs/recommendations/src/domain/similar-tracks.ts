import type { CatalogFacts, TrackFacts } from './catalog-facts.ts';
import { type ListFilter, mayList, type NothingCode, whyNothing } from './list-filter.ts';
import type { ModelReader, Neighbour } from './models.ts';
import type { Grounds, ModelName } from './provenance.ts';
import { createSoundLikeness, type SoundLikeness } from './sound-alike.ts';

/** A page of what is like a thing. */
export interface AskedSimilar {
  /** A UUID. */
  readonly id: string;
  /** How many of the list to pass over, whether they may be listed or not. */
  readonly skip: number;
  readonly limit: number;
}

/** Something that is like another. */
export interface SimilarItem extends Grounds {
  /** A UUID. */
  readonly id: string;
  /** 0 to 1. */
  readonly score: number;
  /** Where it stands in the list, from 1: the `skip` of what follows. */
  readonly place: number;
}

export interface SimilarPage {
  readonly items: readonly SimilarItem[];
  readonly hasMore: boolean;
  /** The place at which looking was given up for now, though the page is not full; null when it was not. */
  readonly lookedUntil: number | null;
  /** Why the list holds nothing at all. */
  readonly empty: NothingCode | null;
  readonly model: ModelName | null;
}

/** What is found where a model tells nothing, and how many of each. */
const alikeMost = 50;
/** Of a genre; by itself, so that many ask for the same. */
const lookedAtOfGenre = 300;
const sameArtistMost = 20;
const popularMost = 30;
/** What is popular stands in a list only where it would be shorter than this. */
const few = 10;
const mostScans = 5;

/**
 * What is like each of some tracks: the neighbours that the model knows; behind them what sounds alike among what is popular in their
 * genres, what is by the same artists, and where all that is too little what is popular. What may not be listed is left out where it is found, and made up for.
 * All that is asked for at once is asked of the stores together.
 */
export function createSimilarTracks({
  models,
  facts,
}: {
  readonly models: Pick<ModelReader, 'serving' | 'neighbours'>;
  readonly facts: Pick<CatalogFacts, 'findTracks' | 'tracksOfArtists' | 'popular' | 'allGenres'>;
}) {
  const findLikeness = createSoundLikeness(facts);
  return async (filter: ListFilter, asked: readonly AskedSimilar[]): Promise<SimilarPage[]> => {
    const ids = [...new Set(asked.map(({ id }) => id))];
    const [model, seeds] = await Promise.all([models.serving(), facts.findTracks(ids)]);
    const neighbours = model
      ? await models.neighbours(model, 'TRACK', [...seeds.keys()])
      : new Map<string, readonly Neighbour[]>();
    const known = new Map(seeds);
    const fills = new Map<string, readonly Candidate[]>();
    const scans = asked.map((page) => createScan(page, seeds.get(page.id), neighbours.get(page.id) ?? []));

    for (let round = 0; round < mostScans; round++) {
      const open = scans.filter((scan) => scan.wants());
      if (open.length === 0) break;
      const unfilled = open.filter((scan) => scan.isAtFill() && !fills.has(scan.seedId));
      if (unfilled.length > 0) await fill(unfilled.map(({ seedId }) => seedId));
      for (const scan of open) scan.giveFill(fills.get(scan.seedId));
      const wanted = new Set(open.flatMap((scan) => scan.next()).filter((id) => !known.has(id)));
      if (wanted.size > 0)
        for (const [id, track] of await facts.findTracks([...wanted])) known.set(id, track);
      for (const scan of open) scan.take(known, filter);
    }
    return scans.map((scan) => scan.page(model, filter));

    /** Finds what stands behind the neighbours of seeds. */
    async function fill(seedIds: readonly string[]): Promise<void> {
      const those = [...new Set(seedIds)].map((id) => seeds.get(id) as TrackFacts);
      const unique = (pick: (track: TrackFacts) => readonly string[]) => [...new Set(those.flatMap(pick))];
      const genreIds = unique((track) => track.genreIds);
      const audience = { market: filter.market, explicit: filter.explicit };
      const popularOf = async (genreId: string) => {
        const tracks = await facts.popular({ audience, genreIds: [genreId], limit: lookedAtOfGenre });
        return [genreId, tracks] as const;
      };
      const [ofArtists, genres, popular, likeness] = await Promise.all([
        facts.tracksOfArtists(
          unique(({ artistIds }) => artistIds),
          sameArtistMost + 1,
        ),
        Promise.all(genreIds.map(popularOf)),
        facts.popular({ audience, limit: popularMost + few }),
        findLikeness(),
      ]);
      const ofGenres = new Map(genres);
      for (const list of [...ofArtists.values(), ...ofGenres.values(), popular])
        for (const track of list) known.set(track.id, track);
      for (const seed of those) {
        const taken = new Set([seed.id, ...(neighbours.get(seed.id) ?? []).map(({ id }) => id)]);
        fills.set(seed.id, fillOf(seed, taken, { ofArtists, ofGenres, popular, likeness }));
      }
    }
  };
}
export type SimilarTracks = ReturnType<typeof createSimilarTracks>;

interface Candidate extends Grounds {
  readonly id: string;
  readonly score: number;
}

/** @param taken what is not to come again */
function fillOf(
  seed: TrackFacts,
  taken: Set<string>,
  found: {
    readonly ofArtists: ReadonlyMap<string, readonly TrackFacts[]>;
    readonly ofGenres: ReadonlyMap<string, readonly TrackFacts[]>;
    readonly popular: readonly TrackFacts[];
    readonly likeness: SoundLikeness;
  },
): readonly Candidate[] {
  const size = taken.size - 1;
  const list: Omit<Candidate, 'score'>[] = [];
  const add = (tracks: readonly TrackFacts[], most: number, grounds: Pick<Grounds, 'reason' | 'because'>) => {
    for (const { id } of tracks.filter((track) => !taken.has(track.id)).slice(0, most)) {
      taken.add(id);
      list.push({ id, ...grounds, source: 'POPULAR', modelled: false });
    }
  };
  const inGenres = new Map(
    seed.genreIds.flatMap((id) => (found.ofGenres.get(id) ?? []).map((track) => [track.id, track] as const)),
  );
  const likenessTo = found.likeness(seed);
  const alike = [...inGenres.values()]
    .map((track) => ({ track, likeness: likenessTo(track) }))
    .sort((one, other) => other.likeness - one.likeness)
    .map(({ track }) => track);
  add(alike, alikeMost, { reason: 'SOUNDS_ALIKE', because: { kind: 'TRACK', id: seed.id } });
  for (const artistId of seed.artistIds) {
    const because = { kind: 'ARTIST', id: artistId } as const;
    add(found.ofArtists.get(artistId) ?? [], sameArtistMost, { reason: 'SAME_ARTIST', because });
  }
  if (size + list.length < few) add(found.popular, popularMost, { reason: 'POPULAR', because: null });
  // They stand below all neighbours: the score tells the order.
  return list.map((candidate, index) => ({ ...candidate, score: 1 - (index + 1) / (list.length + 1) }));
}

/** Goes through one list for one page. */
function createScan(asked: AskedSimilar, seed: TrackFacts | undefined, neighbours: readonly Neighbour[]) {
  const because = { kind: 'TRACK', id: asked.id } as const;
  let list: readonly Candidate[] = neighbours.map(({ id, score, reason }) => ({
    ...{ id, score, reason, because },
    source: 'BATCH',
    modelled: true,
  }));
  const lowest = neighbours.at(-1)?.score ?? 1;
  let isFilled = false;
  let place = asked.skip;
  const items: SimilarItem[] = [];
  const seen: TrackFacts[] = [];
  // One more than the page tells whether there is a next one.
  const missing = () => asked.limit + 1 - items.length;
  const chunk = () => list.slice(place, place + Math.max(20, Math.ceil(missing() * 1.5)));
  return {
    seedId: asked.id,
    wants: () => seed !== undefined && !seed.withdrawn && missing() > 0 && (!isFilled || place < list.length),
    isAtFill: () => !isFilled && place + missing() > list.length,
    giveFill(fill: readonly Candidate[] | undefined) {
      if (!fill || isFilled) return;
      isFilled = true;
      list = [...list, ...fill.map((candidate) => ({ ...candidate, score: candidate.score * lowest }))];
    },
    next: () => chunk().map(({ id }) => id),
    take(known: ReadonlyMap<string, TrackFacts>, filter: ListFilter) {
      for (const candidate of chunk()) {
        if (missing() === 0) return;
        place += 1;
        const track = known.get(candidate.id);
        if (!track || candidate.id === asked.id) continue;
        seen.push(track);
        if (mayList(track, filter)) items.push({ ...candidate, place });
      }
    },
    page(model: ModelName | null, filter: ListFilter): SimilarPage {
      const shown = items.slice(0, asked.limit);
      const isWholeList = asked.skip === 0 && shown.length === 0;
      const unknown = !seed || seed.withdrawn;
      return {
        items: shown,
        hasMore: items.length > asked.limit,
        lookedUntil: !unknown && missing() > 0 && place < list.length ? place : null,
        empty: unknown ? 'UNKNOWN_SEED' : isWholeList ? whyNothing(seen, filter) : null,
        model,
      };
    },
  };
}
