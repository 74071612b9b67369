import { type Audience, mayPlay, type TrackFacts } from './catalog-facts.ts';
import type { Mix, MixTrack } from './mixes.ts';
import type { Grounds } from './provenance.ts';

/** A track of a mix as its owner sees it. */
export interface ShownMixTrack extends MixTrack {
  /** Where it stands among all that the mix holds, from 1. */
  readonly place: number;
}

/** How many tracks of each kind are shown; they hold more, as some may not be played. */
const shownMost = { DISCOVER_WEEKLY: 30, DAILY_MIX: 50 } as const;

/** @param facts of the tracks of the mix, in their order; null for what is unknown */
export function shownTracks(
  { kind, tracks }: Mix,
  facts: readonly (TrackFacts | null)[],
  audience: Audience,
): ShownMixTrack[] {
  return tracks
    .map((track, index): ShownMixTrack => ({ ...track, place: index + 1 }))
    .filter((_, index) => {
      const track = facts[index];
      return track ? mayPlay(track, audience) : false;
    })
    .slice(0, shownMost[kind]);
}

/** Why a track is in a mix. */
export function groundsInMix({ reason, because }: MixTrack, { model }: Mix): Grounds {
  const source = reason === 'POPULAR' ? 'POPULAR' : 'BATCH';
  return { reason, because, source, modelled: model !== null && reason !== 'PLAYED_BEFORE' };
}
