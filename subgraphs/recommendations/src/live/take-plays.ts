import { type Consumed, type ConsumerContext, type EventLog, publishEvents } from '@medley/event-log';
import { createEvent, recommendationsTopic, recommendationsUpdated } from '@medley/events';
import { encodeId, InvalidIdError } from '@medley/ids';
import type { Metrics } from '@medley/service';
import type { CatalogFacts, TrackFacts } from '../domain/catalog-facts.ts';
import { foldPlays, type ToldPlay } from '../domain/fold-plays.ts';
import type { PlayHistory } from '../domain/play-history.ts';
import type { TasteProfile } from '../domain/taste-profile.ts';
import type { Profiles } from './profiles.ts';
import { type ReadPlay, readPlay, type TrackPlayed } from './read-play.ts';

export interface TakePlaysOptions {
  readonly history: Pick<PlayHistory, 'record'>;
  readonly profiles: Profiles;
  readonly facts: Pick<CatalogFacts, 'findTracks'>;
  readonly log: Pick<EventLog, 'append'>;
  /** Told of profiles that hold what was just told, as soon as they are saved. */
  readonly onTaken: (profiles: ReadonlyMap<string, TasteProfile>) => void;
  readonly metrics: Metrics;
}

type PlaysByUser = ReadonlyMap<string, readonly ToldPlay[]>;

/** Others changed the same profiles again and again meanwhile. */
class ProfilesContestedError extends Error {
  readonly transient = true;
  constructor(profiles: number) {
    super(`${profiles} profiles were changed by others while plays were added`);
    this.name = 'ProfilesContestedError';
  }
}

/**
 * Makes the handler of plays: into the history, into the profiles, durably, then told. Each step may be done again, so it may end
 * anywhere, and the same plays come again: a profile knows which it has, and one that somebody else changed meanwhile is read anew.
 */
export function createTakePlays({ history, profiles, facts, log, onTaken, metrics }: TakePlaysOptions) {
  const contested = metrics.counter(
    'medley_recommendations_contested_profiles_total',
    'Taste profiles that were read anew, because another process had changed them',
  );

  async function findTracks(trackIds: Iterable<string>): Promise<ReadonlyMap<string, TrackFacts>> {
    const ids = [...new Set(trackIds)];
    return ids.length > 0 ? facts.findTracks(ids) : new Map();
  }

  /** Folds plays into profiles as they were read. */
  async function grow(
    plays: PlaysByUser,
    found: ReadonlyMap<string, TasteProfile>,
    known: ReadonlyMap<string, TrackFacts>,
  ): Promise<Map<string, TasteProfile>> {
    const late = [...found.values()].flatMap(({ recent }) =>
      recent.filter(({ credited, trackId }) => !credited && !known.has(trackId)),
    );
    const knownLate = await findTracks(late.map(({ trackId }) => trackId));
    const creditsOf = (trackId: string) => known.get(trackId) ?? knownLate.get(trackId) ?? null;
    const grown = new Map<string, TasteProfile>();
    for (const [userId, own] of plays) {
      const profile = foldPlays(found.get(userId) ?? null, userId, own, creditsOf);
      if (profile) grown.set(userId, profile);
    }
    return grown;
  }

  /** @returns the profiles of all these accounts with these plays in them */
  async function take(plays: PlaysByUser, recorded: Promise<void>): Promise<Map<string, TasteProfile>> {
    const trackIds = [...plays.values()].flatMap((own) => own.map(({ trackId }) => trackId));
    const taken = new Map<string, TasteProfile>();
    let rest = plays;
    let [found, known] = await Promise.all([profiles.find([...plays.keys()]), findTracks(trackIds)]);
    for (let attempt = 1; rest.size > 0; attempt++) {
      const grown = await grow(rest, found, known);
      // Who waits for a play finds it in the history too.
      await recorded;
      const changed = [...grown.values()].filter((profile) => found.get(profile.userId) !== profile);
      const lost = new Set(changed.length > 0 ? await profiles.save(changed) : []);
      for (const [userId, profile] of grown) if (!lost.has(userId)) taken.set(userId, profile);
      if (lost.size === 0) break;
      contested.inc(lost.size);
      if (attempt === attempts) throw new ProfilesContestedError(lost.size);
      rest = new Map([...rest].filter(([userId]) => lost.has(userId)));
      found = await profiles.findDurable([...rest.keys()]);
      known = await findTracks([...rest.values()].flatMap((own) => own.map(({ trackId }) => trackId)));
    }
    return taken;
  }

  return async (
    consumed: readonly Consumed<TrackPlayed>[],
    { refuse }: Pick<ConsumerContext<TrackPlayed>, 'refuse'>,
  ): Promise<void> => {
    const read = consumed.flatMap((one) => readOrRefuse(one, refuse));
    const plays = byUser(read);
    const recorded = history.record(read.map((play) => play.history));
    // It is waited for below, also when something else fails before.
    recorded.catch(() => {});
    const taken = await take(plays, recorded).finally(() => recorded.catch(() => {}));
    onTaken(taken);
    await publishEvents(
      log,
      recommendationsTopic,
      [...taken.values()].map((profile) => updateOf(profile, plays.get(profile.userId) ?? [])),
    );
  };
}

const attempts = 5;

function readOrRefuse(
  consumed: Consumed<TrackPlayed>,
  refuse: ConsumerContext<TrackPlayed>['refuse'],
): ReadPlay[] {
  try {
    return [readPlay(consumed)];
  } catch (error) {
    if (!(error instanceof InvalidIdError)) throw error;
    refuse(consumed, error.message);
    return [];
  }
}

function byUser(plays: readonly ReadPlay[]): PlaysByUser {
  const grouped = new Map<string, ToldPlay[]>();
  for (const { history, told } of plays) {
    const own = grouped.get(history.userId);
    if (own) own.push(told);
    else grouped.set(history.userId, [told]);
  }
  return grouped;
}

function updateOf({ userId, version }: TasteProfile, plays: readonly ToldPlay[]) {
  const id = encodeId('user', userId);
  const last = plays.findLast(({ place }) => place !== null)?.place ?? null;
  const play = last && { partition: last.partition, offset: String(last.offset) };
  return createEvent(recommendationsUpdated, {
    source: 'recommendations',
    key: id,
    data: { userId: id, cause: 'PLAYS', profileVersion: version, play },
  });
}
