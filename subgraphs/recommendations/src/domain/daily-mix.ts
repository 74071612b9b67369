import {
  bestOfEach,
  isLikelyPlayable,
  isWelcome,
  type Listener,
  type MixCandidate,
  spreadArtists,
  toMixTrack,
} from './mix-candidates.ts';
import type { MixTrack } from './mixes.ts';

export const mostDailyMixes = 6;
/** Tracks of a mix; shown are those that may be played. */
export const keptInDailyMix = 50;
/** With fewer there is none. */
const leastInDailyMix = 10;
/** Of five tracks three are familiar: in this order. */
const pattern = ['familiar', 'new', 'familiar', 'new', 'familiar'] as const;
/** Familiar tracks of one artist, at most, where there are many artists. */
const leastOfArtist = 4;
/** New tracks of one artist, at most. */
const mostNewOfArtist = 3;

/** A track that the account plays. */
export interface FamiliarTrack {
  readonly track: MixCandidate['track'];
  readonly plays: number;
}

export interface DailyMix {
  /** Those that it is made around. */
  readonly artistIds: readonly string[];
  readonly tracks: readonly MixTrack[];
}

/**
 * The daily mixes of an account, one for each cluster of its artists: 60 % of what it plays by these, the more often the likelier, and
 * 40 % of what it never played, by them or by artists like them. No artist is in two mixes.
 * @param asked.fresh tracks that fit the account, as candidates
 * @param asked.random 0 up to 1, by a name: the same for the same, another one each day
 */
export function makeDailyMixes(asked: {
  readonly clusters: readonly (readonly string[])[];
  readonly familiar: readonly FamiliarTrack[];
  readonly fresh: Iterable<MixCandidate>;
  readonly listener: Listener;
  readonly random: (name: string) => number;
}): DailyMix[] {
  const { clusters, listener, random } = asked;
  const slotOf = new Map(clusters.flatMap((ids, slot) => ids.map((id) => [id, slot] as const)));
  const likely = (candidate: MixCandidate) =>
    isWelcome(candidate, listener) && isLikelyPlayable(candidate.track, listener);
  const familiar = asked.familiar
    .map(({ track, plays }) => ({ ...toFamiliar(track), score: drawn(plays, random(track.id)) }))
    .filter(likely);
  const fresh = bestOfEach(asked.fresh).filter(
    (candidate) => likely(candidate) && !listener.heard.has(candidate.track.id),
  );

  const artistsOfTrack = new Map(asked.familiar.map(({ track }) => [track.id, track.artistIds]));
  /** Whether no artist of a track is of another mix. */
  const isFree = (slot: number, { track }: MixCandidate) =>
    track.artistIds.every((id) => (slotOf.get(id) ?? slot) === slot);
  /** Whether it is by an artist of this mix, or there for one. */
  const belongs = (slot: number, { track, because }: MixCandidate) => {
    const from =
      because?.kind === 'TRACK' ? (artistsOfTrack.get(because.id) ?? []) : because ? [because.id] : [];
    return [...track.artistIds, ...from].some((id) => slotOf.get(id) === slot);
  };

  const mixes = clusters.map((artistIds, slot): DailyMix => {
    const ofMix = (candidate: MixCandidate) => isFree(slot, candidate) && belongs(slot, candidate);
    const perArtist = Math.max(leastOfArtist, Math.ceil(keptInDailyMix / artistIds.length));
    const known = choose(bestOfEach(familiar).filter(ofMix), perArtist);
    const mixed = interleave(known, choose(fresh.filter(ofMix), mostNewOfArtist));
    for (const { track } of mixed) for (const id of track.artistIds) slotOf.set(id, slot);
    return { artistIds, tracks: spreadArtists(mixed).map(toMixTrack) };
  });
  return mixes.filter(({ tracks }) => tracks.length >= leastInDailyMix);
}

const toFamiliar = (track: MixCandidate['track']): Omit<MixCandidate, 'score'> => ({
  ...{ track, reason: 'PLAYED_BEFORE', because: null },
});

/**
 * Sampling without replacement, the heavier the likelier (Efraimidis and Spirakis 2006): what is drawn has the greatest of these. Twice as
 * often played is not liked twice as much.
 */
const drawn = (plays: number, random: number): number => random ** (1 / Math.log1p(plays));

function choose(candidates: readonly MixCandidate[], mostOfArtist: number): MixCandidate[] {
  const counts = new Map<string, number>();
  return candidates.filter(({ track: { artistIds } }) => {
    if (artistIds.some((id) => (counts.get(id) ?? 0) >= mostOfArtist)) return false;
    for (const id of artistIds) counts.set(id, (counts.get(id) ?? 0) + 1);
    return true;
  });
}

/** Where one of the two runs dry the other fills its places. */
function interleave(familiar: readonly MixCandidate[], fresh: readonly MixCandidate[]): MixCandidate[] {
  const left = { familiar: [...familiar], new: [...fresh] };
  const mixed: MixCandidate[] = [];
  while (mixed.length < keptInDailyMix) {
    const wanted = pattern[mixed.length % pattern.length] as (typeof pattern)[number];
    const next = left[wanted].shift() ?? left[wanted === 'new' ? 'familiar' : 'new'].shift();
    if (!next) break;
    mixed.push(next);
  }
  return mixed;
}
