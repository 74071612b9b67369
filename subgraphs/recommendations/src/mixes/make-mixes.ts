import { mixUuidOf } from '@medley/ids';
import { clusterArtists } from '../domain/artist-clusters.ts';
import type { CatalogFacts } from '../domain/catalog-facts.ts';
import { type DailyMix, makeDailyMixes, mostDailyMixes } from '../domain/daily-mix.ts';
import { makeDiscoverWeekly } from '../domain/discover-weekly.ts';
import type { MixCandidate } from '../domain/mix-candidates.ts';
import { dayOf, type MixPeriod, weekOf } from '../domain/mix-periods.ts';
import type { Mix, MixKind, MixRepository } from '../domain/mixes.ts';
import type { ModelReader, ServingModel } from '../domain/models.ts';
import { createArtistsAlike } from './artists-alike.ts';
import { findCandidates } from './find-candidates.ts';
import { type Listening, type ListeningPorts, readListening } from './listening.ts';
import { createSteadyRandom } from './steady-random.ts';

export interface MixPorts extends ListeningPorts {
  readonly mixes: Pick<MixRepository, 'findOfUser'>;
  readonly models: Pick<ModelReader, 'serving' | 'neighbours' | 'factors'>;
  readonly facts: Pick<CatalogFacts, 'findTracks' | 'findArtists' | 'tracksOfArtists' | 'popular'>;
}

/** Artists that daily mixes are made around. */
const mostArtists = 60;
/** Discover Weekly with fewer tracks is none. */
const leastDiscovered = 10;
/** Weeks of which Discover Weekly does not show the same again. */
const weeksBack = 3;

/**
 * Makes the mixes of an account that are asked for: the same from the same.
 * @returns none where there is too little to go by
 */
export async function makeMixes(
  userId: string,
  {
    now,
    kinds,
    ports,
  }: { readonly now: Date; readonly kinds: ReadonlySet<MixKind>; readonly ports: MixPorts },
): Promise<Mix[]> {
  const listening = await readListening(userId, now, ports);
  if (!listening) return [];
  const model = await ports.models.serving();
  const candidates = await findCandidates(listening, model, ports);
  const work = { listening, model, candidates, now, ports };
  return [
    ...(kinds.has('DISCOVER_WEEKLY') ? await discoverWeekly(work) : []),
    ...(kinds.has('DAILY_MIX') ? await dailyMixes(work) : []),
  ];
}

interface Work {
  readonly listening: Listening;
  readonly model: ServingModel | null;
  readonly candidates: readonly MixCandidate[];
  readonly now: Date;
  readonly ports: MixPorts;
}

async function discoverWeekly({ listening, model, candidates, now, ports }: Work): Promise<Mix[]> {
  const { userId, listener, artists } = listening;
  const week = weekOf(now);
  const shown = await shownBefore(userId, week, ports.mixes);
  const tracks = makeDiscoverWeekly(candidates, listener, shown);
  if (tracks.length < leastDiscovered) return [];
  const names = await namesOf(
    artists.slice(0, 3).map(({ id }) => id),
    ports.facts,
  );
  const like = names.length > 0 ? ` for listeners of ${inWords(names)}` : '';
  const description = `Music that you never played,${like}: another mix every Monday.`;
  return [
    toMix('DISCOVER_WEEKLY', 1, week, {
      ...{ listening, model, now, tracks, description, artistIds: [], title: 'Discover Weekly' },
    }),
  ];
}

async function shownBefore(
  userId: string,
  week: MixPeriod,
  mixes: Pick<MixRepository, 'findOfUser'>,
): Promise<ReadonlySet<string>> {
  const shown = new Set<string>();
  for (let back = 1; back <= weeksBack; back++) {
    // Made late in its week, it is fixed until the last moment of it.
    const at = new Date(week.until.getTime() - back * weekMs - 1);
    for (const { kind, tracks } of await mixes.findOfUser(userId, at))
      if (kind === 'DISCOVER_WEEKLY') for (const { trackId } of tracks) shown.add(trackId);
  }
  return shown;
}
const weekMs = 7 * 86_400_000;

async function dailyMixes({ listening, model, candidates, now, ports }: Work): Promise<Mix[]> {
  const { userId, listener, played } = listening;
  const artists = listening.artists.filter(({ id }) => !listener.disliked.has(id)).slice(0, mostArtists);
  const ids = artists.map(({ id }) => id);
  const neighbours = model ? await ports.models.neighbours(model, 'ARTIST', ids) : new Map();
  const facts = await ports.facts.findArtists(ids);
  const day = dayOf(now);
  const mixes = makeDailyMixes({
    clusters: clusterArtists(artists, createArtistsAlike(artists, neighbours, facts), mostDailyMixes),
    familiar: played,
    fresh: candidates,
    listener,
    random: createSteadyRandom(`${userId} ${day.name}`),
  });
  return mixes.map(({ artistIds, tracks }: DailyMix, index) => {
    const names = artistIds.slice(0, 3).flatMap((id) => facts.get(id)?.name ?? []);
    const description = `${artistIds.length > names.length ? `${names.join(', ')} and more` : inWords(names)}.`;
    const title = `Daily Mix ${index + 1}`;
    const said = { listening, model, now, tracks, description, artistIds, title };
    return toMix('DAILY_MIX', index + 1, day, said);
  });
}

async function namesOf(ids: readonly string[], facts: Pick<CatalogFacts, 'findArtists'>): Promise<string[]> {
  const found = await facts.findArtists(ids);
  return ids.flatMap((id) => found.get(id)?.name ?? []);
}

/** `Air, Daft Punk and Justice` */
const inWords = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

function toMix(
  kind: MixKind,
  slot: number,
  period: MixPeriod,
  made: Pick<Mix, 'title' | 'description' | 'artistIds' | 'tracks'> &
    Pick<Work, 'listening' | 'model' | 'now'>,
): Mix {
  const { listening, model, now, ...said } = made;
  return {
    ...said,
    ...{ id: mixUuidOf(listening.userId, kind, slot, period.name), userId: listening.userId, kind, slot },
    ...{ madeAt: now, fixedUntil: period.until, asOf: listening.asOf },
    model: model && { version: model.version, method: model.method, trainedAt: model.trainedAt },
  };
}
