import { type Audience, type CatalogFacts, mayPlay, type TrackFacts } from './catalog-facts.ts';
import type { PlayLag } from './caught-up.ts';
import { artistSpacing, composeRadio } from './compose-radio.ts';
import { type Note, orElse } from './in-time.ts';
import { type NothingCode, whyNothing } from './list-filter.ts';
import type { MixRepository } from './mixes.ts';
import type { ModelReader, Neighbour, ServingModel } from './models.ts';
import type { Standing } from './provenance.ts';
import { createCandidateGathering, type RadioSeed } from './radio-candidates.ts';
import { noReactions, pullOf, type Reactions, readReactions } from './radio-reactions.ts';
import { repeatServed } from './radio-repeats.ts';
import { findRadioSeed, type SeedId } from './radio-seed.ts';
import type { RadioItem, RadioSession, RadioSessions } from './radio-sessions.ts';
import type { TasteProfiles } from './taste-profile.ts';

export interface AskedRadio {
  readonly seed: SeedId;
  /** The session; a new one begins at 0. */
  readonly sessionId: string;
  /** How many tracks it served before this page. */
  readonly at: number;
  readonly limit: number;
  readonly audience: Audience;
  /** A UUID; null for somebody who is not signed in, on whose plays nothing can be known. */
  readonly viewerId: string | null;
}

export interface RadioPage {
  /** What may be played of what stands here, and where it stands: the place before it. */
  readonly items: readonly (RadioItem & { readonly place: number })[];
  /** Where the next page begins; null when there is nothing more. */
  readonly next: number | null;
  readonly empty: NothingCode | null;
  readonly standing: Standing;
}

export interface RadioPorts {
  readonly facts: CatalogFacts;
  readonly models: ModelReader;
  readonly mixes: Pick<MixRepository, 'findByIds'>;
  readonly profiles: Pick<TasteProfiles, 'find'>;
  readonly sessions: RadioSessions;
  readonly lag: PlayLag;
  readonly now: () => Date;
  readonly note: Note;
  /** 0 to 1, both left out: always the same for the same text. */
  readonly chanceOf: (text: string) => number;
}

/** How long a radio waits for what it can do without, in milliseconds. */
const patienceMs = 150;

/** Radios: pages of tracks that go with a seed, and react to what their listener does. */
export function createRadio(ports: RadioPorts) {
  const { facts, models, lag, now, note } = ports;
  const gather = createCandidateGathering(ports);

  return async (asked: AskedRadio): Promise<RadioPage> => {
    const { audience, sessionId, at, limit } = asked;
    const [model, session] = await Promise.all([models.serving(), findSession(asked)]);
    const standing: Standing = { model, ...lag.lag() };
    const nothing = (empty: NothingCode): RadioPage => ({ items: [], next: null, empty, standing });
    if (audience.market === null) return nothing('MARKET_UNKNOWN');
    const seed = await findRadioSeed(ports, asked.seed, asked.viewerId);
    // Music that plays goes on when its seed is taken down.
    if (!seed && !session) return nothing('UNKNOWN_SEED');

    const from = session?.from ?? at;
    let items: readonly RadioItem[] =
      session && at >= from ? session.items.slice(at - from, at - from + limit) : [];
    if (items.length < limit && at + items.length >= (session?.served ?? 0)) {
      const going = { ...asked, at: at + items.length, limit: limit - items.length };
      const added = await compose(going, seed ?? emptySeed(asked.seed), session, model);
      items = [...items, ...(await remember(sessionId, going, session, added))];
    } else if (at < from) {
      // So far back that it is forgotten: it is as good as another radio.
      items = await compose(asked, seed ?? emptySeed(asked.seed), null, model);
    }

    const tracks = await facts.findTracks(items.map(({ trackId }) => trackId));
    const playable = items.flatMap((item, index) => {
      const track = tracks.get(item.trackId);
      return track && mayPlay(track, audience) ? [{ ...item, place: at + index + 1 }] : [];
    });
    const isOver = items.length === 0;
    const empty = isOver && at === 0 ? await explainNothing(seed, audience) : null;
    return { items: playable, next: isOver ? null : at + items.length, empty, standing };
  };

  function findSession({ at, sessionId }: AskedRadio): Promise<RadioSession | null> {
    if (at === 0) return Promise.resolve(null);
    const asked = () => ports.sessions.find(sessionId);
    return orElse(null, { asked, ms: patienceMs, what: 'radio_session', note });
  }

  /** Keeps what was composed. @returns what stands there now: another one may have been faster */
  async function remember(
    sessionId: string,
    { at, limit }: AskedRadio,
    session: RadioSession | null,
    items: readonly RadioItem[],
  ): Promise<readonly RadioItem[]> {
    if (items.length === 0) return [];
    const beganAt = session?.beganAt ?? now();
    const asked = () => ports.sessions.append(sessionId, { at, beganAt, items });
    const kept = await orElse(null, { asked, ms: patienceMs, what: 'radio_session', note });
    return kept && at >= kept.from ? kept.items.slice(at - kept.from).slice(0, limit) : items;
  }

  async function compose(
    { audience, sessionId, at, limit, viewerId }: AskedRadio,
    seed: RadioSeed,
    session: RadioSession | null,
    model: ServingModel | null,
  ): Promise<RadioItem[]> {
    const served = session?.items ?? [];
    const reactions = await readReactionsOf(viewerId, session?.beganAt ?? now());
    const lately = served.slice(-30).map(({ trackId }) => trackId);
    const without = new Set([
      ...served.map(({ trackId }) => trackId),
      ...(seed.kind === 'ARTIST' ? [] : seed.tracks.map(({ id }) => id)),
      ...reactions.skipped,
      ...reactions.played,
    ]);
    const reactedIds = reactions.sinceBegin.map(({ trackId }) => trackId);
    const spacedIds = lately.slice(-(artistSpacing.within - 1));
    const [candidates, known, neighbours] = await Promise.all([
      gather({
        ...{ seed, audience, model, without },
        lately: lately.toReversed(),
        liked: reactions.liked.slice(0, 10),
        enough: Math.max(100, 3 * limit),
      }),
      facts.findTracks([...new Set([...reactedIds, ...spacedIds])]),
      model && reactedIds.length > 0
        ? models.neighbours(model, 'TRACK', [...new Set(reactedIds)])
        : new Map<string, readonly Neighbour[]>(),
    ]);
    const before = tracksOf(spacedIds, known);
    const composed = composeRadio({
      ...{ candidates, before, limit },
      pull: pullOf(reactions, known, neighbours),
      // Another chance on each page: one whose session is forgotten does not serve the same again.
      chance: (trackId) => ports.chanceOf(`${sessionId} ${at} ${trackId}`),
    });
    if (composed.length === limit) return composed;
    const missing = limit - composed.length;
    const again = await repeatServed(facts, {
      served,
      composed,
      before,
      limit: missing,
      seed,
      audience,
      reactions,
    });
    return [...composed, ...again];
  }

  /** Nothing is known of who is not signed in; and a radio plays on when profiles cannot be read. */
  async function readReactionsOf(viewerId: string | null, beganAt: Date): Promise<Reactions> {
    if (viewerId === null) return noReactions;
    const asked = () => ports.profiles.find([viewerId]);
    const found = await orElse(null, { asked, ms: patienceMs, what: 'profile', note });
    const profile = found?.get(viewerId);
    return profile ? readReactions(profile, beganAt.getTime(), now().getTime()) : noReactions;
  }

  async function explainNothing(seed: RadioSeed | null, audience: Audience): Promise<NothingCode> {
    const ofArtists = seed ? [...(await facts.tracksOfArtists(seed.artistIds, 30)).values()].flat() : [];
    return whyNothing([...(seed?.tracks ?? []), ...ofArtists], { ...audience, includeUnavailable: false });
  }
}
export type Radio = ReturnType<typeof createRadio>;

const tracksOf = (ids: readonly string[], known: ReadonlyMap<string, TrackFacts>): TrackFacts[] =>
  ids.flatMap((id) => known.get(id) ?? []);

const emptySeed = ({ kind, id }: SeedId): RadioSeed => ({
  kind,
  id,
  tracks: [],
  artistIds: [],
  genreIds: [],
});
