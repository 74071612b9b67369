import { decayAfter } from './decay.ts';
import { createLikings } from './likings.ts';
import type { Positions, RecentPlay, TasteProfile } from './taste-profile.ts';

/** A play as the log tells it, with what it says of its track. Ids are UUIDs. */
export interface ToldPlay {
  readonly eventId: string;
  readonly trackId: string;
  /** When it began, in milliseconds since 1970. */
  readonly playedAt: number;
  /** -1 to 1. */
  readonly signal: number;
  readonly context: RecentPlay['context'];
  /** Where it lies in `streaming.play-events.v1`; null when it was sent again from the dead letters. */
  readonly place: { readonly partition: number; readonly offset: bigint } | null;
  /** When it was appended there, in milliseconds since 1970. */
  readonly toldAt: number;
}

/** Who made a track, and of what kind it is. */
export interface TrackCredits {
  /** In the order of the credits. */
  readonly artistIds: readonly string[];
  readonly genreIds: readonly string[];
}

/** How much a profile keeps of each. */
export const profileSizes = { tracks: 200, artists: 100, genres: 50, recent: 100, taken: 200 } as const;

/**
 * Adds plays of one account to its profile. Pure, and the same for the same plays in the same order, however they are split into calls.
 * A play that is in already changes nothing: by its place, exactly, and by its id, for the last 200. The order of plays
 * matters for what is at the edge of being forgotten only.
 * @param profile null when there is none yet
 * @param creditsOf null for a track that nobody knows yet
 * @returns the profile itself when nothing is new; null when there is none and nothing to make one of
 */
export function foldPlays(
  profile: TasteProfile | null,
  userId: string,
  plays: readonly ToldPlay[],
  creditsOf: (trackId: string) => TrackCredits | null,
): TasteProfile | null {
  const growing = open(profile, creditsOf);
  let changed = false;
  for (const play of plays) {
    if (growing.has(play)) continue;
    if (!changed) growing.creditLate();
    growing.take(play);
    changed = true;
  }
  return changed ? { userId, version: (profile?.version ?? 0) + 1, ...growing.state() } : profile;
}

function open(profile: TasteProfile | null, creditsOf: (trackId: string) => TrackCredits | null) {
  const tracks = createLikings(profile?.tracks ?? [], profileSizes.tracks);
  const artists = createLikings(profile?.artists ?? [], profileSizes.artists);
  const genres = createLikings(profile?.genres ?? [], profileSizes.genres);
  let recent = profile?.recent ?? [];
  let taken = profile?.taken ?? [];
  let positions: Positions = profile?.positions ?? {};
  let decayedTo = profile?.decayedTo ?? 0;
  let asOf = profile?.asOf ?? 0;

  function decayTo(time: number): void {
    if (time <= decayedTo) return;
    const share = decayAfter(time - decayedTo);
    for (const likings of [tracks, artists, genres]) likings.decay(share);
    decayedTo = time;
  }

  /** Gives the artists and genres of a track their share. @returns whether they are known */
  function credit(trackId: string, amount: number): boolean {
    const credits = creditsOf(trackId);
    if (!credits) return false;
    const ofArtists = amount * (amount < 0 ? skipShares.artist : 1);
    const ofGenres = amount * (amount < 0 ? skipShares.genre : 1);
    credits.artistIds.forEach((id, index) => {
      artists.add(id, index === 0 ? ofArtists : ofArtists * guestShare);
    });
    for (const id of credits.genreIds) genres.add(id, ofGenres / credits.genreIds.length);
    return true;
  }

  return {
    /** By its place; a place that was told of later than all that is in belongs to another log, which begins anew at 0. */
    has({ place, toldAt }: ToldPlay): boolean {
      const next = place && positions[place.partition];
      return !!next && place.offset < BigInt(next) && toldAt <= asOf;
    },
    /** Gives their share to those that nobody knew when their tracks were played. */
    creditLate(): void {
      recent = recent.map((play) =>
        play.credited || !credit(play.trackId, play.signal * decayAfter(decayedTo - play.playedAt))
          ? play
          : { ...play, credited: true },
      );
    },
    take({ eventId, trackId, signal, context, place, toldAt, ...play }: ToldPlay): void {
      if (place) positions = { ...positions, [place.partition]: String(place.offset + 1n) };
      asOf = Math.max(asOf, toldAt);
      if (taken.includes(eventId)) return;
      taken = [...taken, eventId].slice(-profileSizes.taken);
      // A clock that is ahead must not age all the rest.
      const playedAt = Math.min(play.playedAt, toldAt);
      decayTo(playedAt);
      const amount = signal * decayAfter(decayedTo - playedAt);
      tracks.add(trackId, amount);
      const credited = credit(trackId, amount);
      recent = withPlay(recent, { eventId, trackId, playedAt, signal, credited, context });
    },
    state: () => ({
      decayedTo,
      tracks: tracks.list(),
      artists: artists.list(),
      genres: genres.list(),
      recent,
      taken,
      positions,
      asOf,
    }),
  };
}

function withPlay(recent: readonly RecentPlay[], play: RecentPlay): readonly RecentPlay[] {
  const index = recent.findIndex(
    ({ playedAt, eventId }) =>
      playedAt < play.playedAt || (playedAt === play.playedAt && eventId < play.eventId),
  );
  return recent.toSpliced(index < 0 ? recent.length : index, 0, play).slice(0, profileSizes.recent);
}

/** A skipped track says less of who made it, and little of its genre: one more of that kind may be just right. */
const skipShares = { artist: 0.5, genre: 0.25 } as const;
/** Those after the first of the credits are guests as a rule. */
const guestShare = 0.5;
