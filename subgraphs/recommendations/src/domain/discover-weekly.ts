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

/** Tracks that are kept: twice as many as are shown, as some may not be playable where the account is. */
export const keptInDiscoverWeekly = 60;
/** Tracks of one artist, at most. */
const mostOfArtist = 2;

/**
 * Discover Weekly: what fits best of all that the account never played. Artists whom it never played come first; nobody has more than
 * two tracks.
 * @param shownBefore tracks of earlier weeks: only where there is nothing else
 */
export function makeDiscoverWeekly(
  candidates: Iterable<MixCandidate>,
  listener: Listener,
  shownBefore: ReadonlySet<string> = new Set(),
): MixTrack[] {
  const unheard = bestOfEach(candidates).filter(
    (candidate) => isWelcome(candidate, listener) && !listener.heard.has(candidate.track.id),
  );
  const isFresh = ({ track }: MixCandidate) => !track.artistIds.some((id) => listener.heardArtists.has(id));
  const rankOf = (candidate: MixCandidate) =>
    (shownBefore.has(candidate.track.id) ? 4 : 0) +
    (isLikelyPlayable(candidate.track, listener) ? 0 : 2) +
    (isFresh(candidate) ? 0 : 1);
  // Sorting keeps the order of equals: the best of each rank first.
  const ranked = [...unheard].sort((one, other) => rankOf(one) - rankOf(other));

  const counts = new Map<string, number>();
  const chosen = new Set<MixCandidate>();
  for (const candidate of ranked) {
    if (chosen.size === keptInDiscoverWeekly) break;
    const { artistIds } = candidate.track;
    if (artistIds.some((id) => (counts.get(id) ?? 0) >= mostOfArtist)) continue;
    for (const id of artistIds) counts.set(id, (counts.get(id) ?? 0) + 1);
    chosen.add(candidate);
  }
  const inOrder = unheard.filter((candidate) => chosen.has(candidate));
  const fresh = inOrder.filter(isFresh);
  const others = inOrder.filter((candidate) => !isFresh(candidate));
  return [...spreadArtists(fresh), ...spreadArtists(others)].map(toMixTrack);
}
