import { setImmediate } from 'node:timers/promises';
import type { PlayedArtist } from '../domain/artist-clusters.ts';
import type { CatalogFacts, TrackFacts } from '../domain/catalog-facts.ts';
import { homeMarketsOf, type Listener } from '../domain/mix-candidates.ts';
import type { PlayHistory } from '../domain/play-history.ts';
import type { TasteProfile, TasteProfiles } from '../domain/taste-profile.ts';

/** What an account listens to, as far as mixes go by it. */
export interface Listening {
  readonly userId: string;
  /** What it plays most, with how often: at most 1,000. */
  readonly played: readonly PlayedTrack[];
  /** Whose tracks these are, the most played first. */
  readonly artists: readonly PlayedArtist[];
  readonly listener: Listener;
  /** Up to when plays were taken into account. */
  readonly asOf: Date;
}

export interface PlayedTrack {
  readonly track: TrackFacts;
  readonly plays: number;
  /** How much that says of its taste, above 0. */
  readonly weight: number;
}

export interface ListeningPorts {
  readonly history: Pick<PlayHistory, 'countsByTrack' | 'heardTracks'>;
  readonly profiles: Pick<TasteProfiles, 'find'>;
  readonly facts: Pick<CatalogFacts, 'findTracks'>;
}

/** With fewer plays that count, or fewer artists, there is nothing to go by. */
const leastPlays = 20;
const leastArtists = 5;
const mostPlayed = 1_000;
/** Taste changes: older plays matter only where there are no others. */
const recentMs = 182 * 86_400_000;

/**
 * Reads what an account listens to. Of an account with 100,000 plays it holds the ids of its tracks and artists, and facts of a thousand
 * tracks.
 * @returns null when there is too little to go by
 */
export async function readListening(
  userId: string,
  now: Date,
  { history, profiles, facts }: ListeningPorts,
): Promise<Listening | null> {
  const recent = await history.countsByTrack({ userId, from: new Date(now.getTime() - recentMs) });
  const counts = sumOf(recent) >= leastPlays ? recent : await history.countsByTrack({ userId, from: null });
  if (sumOf(counts) < leastPlays) return null;
  const profile = (await profiles.find([userId])).get(userId);
  const likings = new Map(profile?.tracks.map(({ id, weight }) => [id, weight]));
  const most = [...counts].sort(byCount).slice(0, mostPlayed);
  const tracks = await facts.findTracks(most.map(([id]) => id));
  const played = most.flatMap(([id, plays]): PlayedTrack[] => {
    const track = tracks.get(id);
    const weight = Math.log1p(plays) + Math.max(0, likings.get(id) ?? 0);
    return track ? [{ track, plays, weight }] : [];
  });
  const artists = artistsOf(played);
  if (artists.length < leastArtists) return null;
  const heard = await history.heardTracks(userId);
  return {
    userId,
    played: [...played].sort(byWeight),
    artists,
    listener: {
      heard,
      heardArtists: await readArtists(heard, facts),
      disliked: dislikedBy(profile),
      homeMarkets: homeMarketsOf(played),
      playsExplicit: played.some(({ track }) => track.explicit),
    },
    asOf: profile && profile.asOf < now.getTime() ? new Date(profile.asOf) : now,
  };
}

const sumOf = (counts: ReadonlyMap<string, number>) =>
  [...counts.values()].reduce((sum, each) => sum + each, 0);
const byCount = ([one, ones]: [string, number], [other, others]: [string, number]) =>
  others - ones || (one < other ? -1 : 1);
const byWeight = (one: PlayedTrack, other: PlayedTrack) =>
  other.weight - one.weight || (one.track.id < other.track.id ? -1 : 1);

/** By the plays of their tracks, with a root: somebody with one hit that is played daily is not all that there is. */
function artistsOf(played: readonly PlayedTrack[]): PlayedArtist[] {
  const weights = new Map<string, number>();
  for (const { track, weight } of played)
    for (const id of track.artistIds) weights.set(id, (weights.get(id) ?? 0) + weight);
  return [...weights]
    .map(([id, weight]) => ({ id, weight }))
    .sort((one, other) => other.weight - one.weight || (one.id < other.id ? -1 : 1));
}

const dislikedBy = (profile: TasteProfile | undefined): ReadonlySet<string> =>
  new Set(
    [...(profile?.tracks ?? []), ...(profile?.artists ?? [])]
      .filter(({ weight }) => weight < 0)
      .map(({ id }) => id),
  );

/** The artists of all of these tracks, a thousand tracks at a time. */
async function readArtists(
  trackIds: ReadonlySet<string>,
  facts: Pick<CatalogFacts, 'findTracks'>,
): Promise<ReadonlySet<string>> {
  const artists = new Set<string>();
  const ids = [...trackIds];
  for (let from = 0; from < ids.length; from += 1_000) {
    const found = await facts.findTracks(ids.slice(from, from + 1_000));
    for (const { artistIds } of found.values()) for (const id of artistIds) artists.add(id);
    await setImmediate();
  }
  return artists;
}
