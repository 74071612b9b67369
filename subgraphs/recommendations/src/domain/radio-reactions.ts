import type { TrackFacts } from './catalog-facts.ts';
import type { Neighbour } from './models.ts';
import type { RecentPlay, TasteProfile } from './taste-profile.ts';

/** What the viewer did lately that a radio goes by. */
export interface Reactions {
  /** Track ids: skipped, of all plays that the profile holds one by one. */
  readonly skipped: ReadonlySet<string>;
  /** Track ids: played within the time in which nothing comes twice. */
  readonly played: ReadonlySet<string>;
  /** Plays since the radio began, the newest first; few enough to ask after their neighbours. */
  readonly sinceBegin: readonly RecentPlay[];
  /** Track ids: of these, those that were heard, the newest first. */
  readonly liked: readonly string[];
}

/** How long a track that was played is not played again, in milliseconds: 12 h. */
const pauseMs = 12 * 3_600_000;
/** Clocks of clients are put right, but not to the second. */
const clockSlackMs = 2_000;
const mostReactions = 20;

export const noReactions: Reactions = { skipped: new Set(), played: new Set(), sinceBegin: [], liked: [] };

/** @param beganAt when the radio began @param now in milliseconds since 1970, as `beganAt` */
export function readReactions(profile: TasteProfile, beganAt: number, now: number): Reactions {
  const sinceBegin = profile.recent
    .filter(({ playedAt }) => playedAt >= beganAt - clockSlackMs)
    .slice(0, mostReactions);
  return {
    skipped: new Set(profile.recent.filter(({ signal }) => signal < 0).map(({ trackId }) => trackId)),
    played: new Set(
      profile.recent.filter(({ playedAt }) => playedAt > now - pauseMs).map(({ trackId }) => trackId),
    ),
    sinceBegin,
    liked: sinceBegin.filter(({ signal }) => signal >= 0.5).map(({ trackId }) => trackId),
  };
}

/** How much a skip at once takes from its artists, and a track heard to its end gives them, as a logarithm. */
const artistPull = { skip: 2.5, heard: 0.8 } as const;
/** The same for a neighbour with score 1. */
const neighbourPull = { skip: 1.5, heard: 1 } as const;
/** What a reaction is worth when another one came after it. */
const fading = 0.9;
/** However often: so much up or down, as a logarithm. */
const limits = { least: -6, most: 2 } as const;

/**
 * How much what happened since a radio began speaks for a track.
 * @param tracks of the plays
 * @param neighbours of the tracks of the plays
 * @returns a logarithm to be added to a track's; 0 where nothing speaks for or against it
 */
export function pullOf(
  { sinceBegin }: Reactions,
  tracks: ReadonlyMap<string, TrackFacts>,
  neighbours: ReadonlyMap<string, readonly Neighbour[]>,
): (track: TrackFacts) => number {
  const ofArtists = new Map<string, number>();
  const ofTracks = new Map<string, number>();
  const add = (pulls: Map<string, number>, id: string, pull: number) =>
    pulls.set(id, (pulls.get(id) ?? 0) + pull);
  for (const [index, { trackId, signal }] of sinceBegin.entries()) {
    const side = signal < 0 ? 'skip' : 'heard';
    const strength = signal * fading ** index;
    for (const artistId of tracks.get(trackId)?.artistIds ?? [])
      add(ofArtists, artistId, strength * artistPull[side]);
    for (const { id, score } of neighbours.get(trackId) ?? [])
      add(ofTracks, id, strength * score * neighbourPull[side]);
  }
  return ({ id, artistIds }) => {
    const artists = artistIds.map((artistId) => ofArtists.get(artistId) ?? 0);
    // The artist who speaks the loudest, so that a guest neither saves nor doubles anything.
    const artist = artists.reduce(
      (loudest, pull) => (Math.abs(pull) > Math.abs(loudest) ? pull : loudest),
      0,
    );
    return Math.min(limits.most, Math.max(limits.least, artist + (ofTracks.get(id) ?? 0)));
  };
}
