import type { Audience, CatalogFacts, TrackFacts } from './catalog-facts.ts';
import { mayPlay } from './catalog-facts.ts';
import type { ModelReader, ServingModel } from './models.ts';
import type { Because, Grounds } from './provenance.ts';
import { createSoundLikeness } from './sound-alike.ts';

/** A track that a radio may serve. */
export interface RadioCandidate extends Grounds {
  readonly track: TrackFacts;
  /** Above 0 to 1: how well it goes with the seed. */
  readonly weight: number;
}

/** What a radio is made around. Ids are UUIDs. */
export interface RadioSeed {
  readonly kind: 'TRACK' | 'ARTIST' | 'MIX';
  readonly id: string;
  /** The seed itself, or the best tracks of it. */
  readonly tracks: readonly TrackFacts[];
  readonly artistIds: readonly string[];
  readonly genreIds: readonly string[];
}

/** A page is chosen from this many at most. */
export const mostCandidates = 600;

/** How well goes what is found at each step; each step is taken only where the ones before it found too little. */
const weights = {
  /** Who asks for an artist wants to hear that artist first. */
  ofArtist: 0.5,
  liked: 0.8,
  sameArtist: 0.5,
  secondHop: 0.6,
  drift: 0.4,
  genre: 0.15,
  popular: 0.05,
} as const;

export interface Gathering {
  readonly seed: RadioSeed;
  readonly audience: Audience;
  readonly model: ServingModel | null;
  /** Tracks that are not to come: served, skipped, played just now. */
  readonly without: ReadonlySet<string>;
  /** The tracks that it served last, the last first: where it may drift to. */
  readonly lately: readonly string[];
  /** Tracks that the viewer heard to their end since it began, the last first. */
  readonly liked: readonly string[];
  /** Steps are taken until there are this many. */
  readonly enough: number;
}

/** Finds what may come next on a radio, in ever wider circles. */
export function createCandidateGathering({
  models,
  facts,
}: {
  readonly models: Pick<ModelReader, 'neighbours' | 'popular'>;
  readonly facts: Pick<CatalogFacts, 'findTracks' | 'tracksOfArtists' | 'popular' | 'allGenres'>;
}) {
  const findLikeness = createSoundLikeness(facts);
  return async (asked: Gathering): Promise<RadioCandidate[]> => {
    const { seed, audience, model, without, lately, liked, enough } = asked;
    const pool = new Map<string, RadioCandidate>();
    const add = (track: TrackFacts | undefined, weight: number, grounds: Grounds) => {
      if (!track || without.has(track.id) || !(weight > 0) || !mayPlay(track, audience)) return;
      const known = pool.get(track.id);
      if (!known || known.weight < weight) pool.set(track.id, { track, weight, ...grounds });
    };

    /** Adds the neighbours of tracks; one that several have is worth more. */
    async function hop(fromIds: readonly string[], share: number, live: boolean): Promise<void> {
      if (!model || fromIds.length === 0) return;
      const found = await models.neighbours(model, 'TRACK', fromIds);
      const reached = new Map<string, { weight: number; best: number; grounds: Grounds }>();
      for (const [fromId, neighbours] of found) {
        for (const { id, score, reason } of neighbours) {
          const known = reached.get(id);
          const best = Math.max(score, known?.best ?? 0);
          const because: Because = { kind: 'TRACK', id: fromId };
          const grounds =
            known && known.best >= score
              ? known.grounds
              : ({ reason, because, source: live ? 'LIVE' : 'BATCH', modelled: true } satisfies Grounds);
          reached.set(id, { weight: (known?.weight ?? 0) + score, best, grounds });
        }
      }
      const top = [...reached]
        .filter(([id]) => !without.has(id))
        .sort(([, one], [, other]) => other.weight - one.weight)
        .slice(0, mostCandidates / 2);
      const greatest = top[0]?.[1].weight ?? 1;
      const tracks = await facts.findTracks(top.map(([id]) => id));
      for (const [id, { weight, grounds }] of top) add(tracks.get(id), (share * weight) / greatest, grounds);
    }

    async function addOfArtists(
      ids: readonly string[],
      share: number,
      source: 'LIVE' | 'POPULAR',
    ): Promise<void> {
      if (ids.length === 0) return;
      for (const [artistId, tracks] of await facts.tracksOfArtists(ids, 30)) {
        for (const [index, track] of tracks.entries()) {
          const because: Because = { kind: 'ARTIST', id: artistId };
          const weight = share * (1 - index / 60);
          add(track, weight, { reason: 'SAME_ARTIST', because, source, modelled: false });
        }
      }
    }

    async function addOfLikedArtists(): Promise<void> {
      if (liked.length === 0) return;
      const tracks = await facts.findTracks(liked);
      const artistIds = [...tracks.values()].flatMap((track) => track.artistIds.slice(0, 1));
      await addOfArtists([...new Set(artistIds)].slice(0, 5), weights.sameArtist, 'LIVE');
    }

    async function addOfGenres(): Promise<void> {
      if (seed.genreIds.length === 0) return;
      const [tracks, likenessOf] = await Promise.all([
        facts.popular({ audience, genreIds: seed.genreIds, limit: 1_000 }),
        findLikeness(),
      ]);
      const first = seed.tracks[0];
      const likenessTo = first && likenessOf(first);
      const because: Because | null =
        seed.kind === 'ARTIST'
          ? { kind: 'ARTIST', id: seed.id }
          : first
            ? { kind: 'TRACK', id: first.id }
            : null;
      for (const track of tracks) {
        const likeness = likenessTo ? 0.2 + 0.8 * likenessTo(track) : 0.5;
        const grounds = { reason: 'SOUNDS_ALIKE', because, source: 'POPULAR', modelled: false } as const;
        add(track, weights.genre * likeness, grounds);
      }
    }

    async function addPopular(): Promise<void> {
      const grounds = { reason: 'POPULAR', because: null, source: 'POPULAR' } as const;
      const ranked = model ? await models.popular(model, audience.market, 1_000) : [];
      const tracks = await facts.findTracks(ranked.filter((id) => !without.has(id)));
      for (const [index, id] of ranked.entries()) {
        const weight = weights.popular * (1 - index / 1_100);
        add(tracks.get(id), weight, { ...grounds, modelled: true });
      }
      if (pool.size >= enough) return;
      const popular = await facts.popular({ audience, limit: 1_000 });
      for (const [index, track] of popular.entries())
        add(track, weights.popular * (1 - index / 1_100), { ...grounds, modelled: false });
    }

    const seedIds = seed.tracks.map(({ id }) => id);
    await Promise.all([
      hop(seedIds, seed.kind === 'ARTIST' ? weights.ofArtist : 1, false),
      hop(liked, weights.liked, true),
      addOfArtists(seed.artistIds, seed.kind === 'ARTIST' ? 1 : weights.sameArtist, 'POPULAR'),
      addOfLikedArtists(),
    ]);
    const near = () => [...pool.values()].sort(byWeight).slice(0, 20);
    const wider = [
      async () =>
        hop([...near().map(({ track }) => track.id), ...lately.slice(0, 5)], weights.secondHop, false),
      async () => hop(lately.slice(0, 30), weights.drift, false),
      addOfGenres,
      addPopular,
    ];
    for (const step of wider) {
      if (pool.size >= enough) break;
      await step();
    }
    return [...pool.values()].sort(byWeight).slice(0, mostCandidates);
  };
}

const byWeight = (one: RadioCandidate, other: RadioCandidate) =>
  other.weight - one.weight || (one.track.id < other.track.id ? -1 : 1);
