import type { TrackFacts } from './catalog-facts.ts';
import type { MixTrack } from './mixes.ts';

/** A track that could be in a mix. */
export interface MixCandidate extends Omit<MixTrack, 'trackId'> {
  readonly track: TrackFacts;
  /** How well it fits; it compares with others of the same list only. */
  readonly score: number;
}

/** What a mix is made for. */
export interface Listener {
  /** Tracks that the account ever played. */
  readonly heard: ReadonlySet<string>;
  /** Artists of these. */
  readonly heardArtists: ReadonlySet<string>;
  /** Tracks and artists that it skips more than it hears. */
  readonly disliked: ReadonlySet<string>;
  /** Where it seems to be, by what it plays. */
  readonly homeMarkets: readonly string[];
  /** Whether it ever played an explicit track. */
  readonly playsExplicit: boolean;
}

/** Markets have nearly all that an account plays where it lives; this share of it at least. */
const homeShare = 0.95;
/** What is licensed nearly everywhere is likely to be licensed here. */
const likelyShare = 0.8;

/**
 * The markets in which nearly all that an account plays may be played. Nobody tells recommendations where it is while a mix is made; what
 * may be played is decided when it is read.
 */
export function homeMarketsOf(
  played: readonly { readonly track: TrackFacts; readonly weight: number }[],
): string[] {
  const weights = new Map<string, number>();
  let total = 0;
  for (const { track, weight } of played) {
    if (track.withdrawn) continue;
    total += weight;
    for (const market of track.markets) weights.set(market, (weights.get(market) ?? 0) + weight);
  }
  return [...weights]
    .filter(([, weight]) => weight >= homeShare * total)
    .map(([market]) => market)
    .sort();
}

/** Whether an account is likely to be allowed to play a track, and not to mind. */
export function isLikelyPlayable(track: TrackFacts, { homeMarkets, playsExplicit }: Listener): boolean {
  if (track.explicit && !playsExplicit) return false;
  const licensed = homeMarkets.filter((market) => track.markets.has(market)).length;
  return licensed >= likelyShare * homeMarkets.length;
}

/** What a mix may hold at all: tracks that are there, by somebody, and that the account does not skip. */
export const isWelcome = ({ track }: MixCandidate, { disliked }: Listener): boolean =>
  !track.withdrawn &&
  track.artistIds.length > 0 &&
  !disliked.has(track.id) &&
  !track.artistIds.some((id) => disliked.has(id));

/** The best first; by id where scores are equal, so that everybody gets the same. */
export const byScore = (one: MixCandidate, other: MixCandidate): number =>
  other.score - one.score || (one.track.id < other.track.id ? -1 : 1);

/** Of several candidates of one track the best. */
export function bestOfEach(candidates: Iterable<MixCandidate>): MixCandidate[] {
  const best = new Map<string, MixCandidate>();
  for (const candidate of candidates) {
    const known = best.get(candidate.track.id);
    if (!known || byScore(candidate, known) < 0) best.set(candidate.track.id, candidate);
  }
  return [...best.values()].sort(byScore);
}

/** Moves tracks as little as it can so that no two of one artist follow each other. */
export function spreadArtists<Item extends { readonly track: TrackFacts }>(items: readonly Item[]): Item[] {
  const left = [...items];
  const spread: Item[] = [];
  while (left.length > 0) {
    const last = new Set(spread.at(-1)?.track.artistIds);
    const index = left.findIndex(({ track }) => !track.artistIds.some((id) => last.has(id)));
    spread.push(...left.splice(Math.max(0, index), 1));
  }
  return spread;
}

export const toMixTrack = ({ track, reason, because }: MixCandidate): MixTrack => ({
  ...{ trackId: track.id, reason, because },
});
