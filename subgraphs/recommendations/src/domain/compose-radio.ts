import type { TrackFacts } from './catalog-facts.ts';
import type { RadioCandidate } from './radio-candidates.ts';
import type { RadioItem } from './radio-sessions.ts';

/** An artist is heard this often at most in so many tracks after each other. */
export const artistSpacing = { most: 2, within: 10 } as const;

/** How much more often what goes better is chosen: 0 would be chance alone. */
const sharpness = 3;

export interface Composition {
  readonly candidates: readonly RadioCandidate[];
  /** What was served before, the last one last; the last nine at least, where there were so many. */
  readonly before: readonly TrackFacts[];
  readonly limit: number;
  /** What speaks for a track beyond how well it goes, as a logarithm. */
  readonly pull: (track: TrackFacts) => number;
  /** 0 to 1, both left out, always the same for a track. */
  readonly chance: (trackId: string) => number;
}

/**
 * Chooses the next tracks of a radio: by chance, what goes better more often (Gumbel-top-k sampling: Kool et al. 2019, "Stochastic beams
 * and where to find them"), and no artist more than twice in ten. Pure; in O(n log n) of the candidates, as each is looked at a bounded number of times for each artist that has to wait.
 * @returns fewer than `limit` where the spacing or the candidates allow no more
 */
export function composeRadio({ candidates, before, limit, pull, chance }: Composition): RadioItem[] {
  const ranked = candidates
    .map((candidate) => {
      const pulled = pull(candidate.track);
      const gumbel = -Math.log(-Math.log(chance(candidate.track.id)));
      return { candidate, pulled, key: sharpness * Math.log(candidate.weight) + pulled + gumbel };
    })
    .sort((one, other) => other.key - one.key);

  const spacing = createSpacing(before);
  const chosen: RadioItem[] = [];
  const waiting = ranked;
  while (chosen.length < limit) {
    const index = waiting.findIndex(({ candidate }) => spacing.allows(candidate.track));
    if (index < 0) break;
    const [next] = waiting.splice(index, 1);
    if (!next) break;
    const { track, reason, because, source, modelled } = next.candidate;
    spacing.add(track);
    // What was pulled up is there for what was just played.
    const isLive = next.pulled > 0;
    chosen.push({ trackId: track.id, reason, because, source: isLive ? 'LIVE' : source, modelled });
  }
  return chosen;
}

/** Watches over how often artists come. */
export function createSpacing(before: readonly TrackFacts[]) {
  const last: TrackFacts[] = before.slice(-(artistSpacing.within - 1));
  return {
    allows: ({ artistIds }: TrackFacts) =>
      artistIds.every(
        (id) => last.filter((track) => track.artistIds.includes(id)).length < artistSpacing.most,
      ),
    add(track: TrackFacts) {
      last.push(track);
      if (last.length >= artistSpacing.within) last.shift();
    },
  };
}

/**
 * Goes on where everything has been served: what was served the longest ago comes first.
 * @param served each track once, the one served the longest ago first
 */
export function repeatRadio(
  served: readonly { readonly track: TrackFacts; readonly item: RadioItem }[],
  { before, limit }: Pick<Composition, 'before' | 'limit'>,
): RadioItem[] {
  const queue = [...served];
  const spacing = createSpacing(before);
  const chosen: RadioItem[] = [];
  while (chosen.length < limit && queue.length > 0) {
    // Only the older half: with one artist left nothing is allowed, and the oldest is still the best.
    const older = queue.slice(0, Math.max(1, Math.ceil(queue.length / 2)));
    const index = Math.max(
      0,
      older.findIndex(({ track }) => spacing.allows(track)),
    );
    const [next] = queue.splice(index, 1);
    if (!next) break;
    spacing.add(next.track);
    chosen.push(next.item);
    queue.push(next);
  }
  return chosen;
}
