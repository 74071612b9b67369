import { type Audience, mayPlay, type TrackFacts } from './catalog-facts.ts';

/** What a list may hold. */
export interface ListFilter extends Audience {
  /** Also what the market may not play. */
  readonly includeUnavailable: boolean;
}

export function mayList(track: TrackFacts, filter: ListFilter): boolean {
  if (!filter.includeUnavailable) return mayPlay(track, filter);
  return !track.withdrawn && (filter.explicit || !track.explicit);
}

/** Why there is nothing to recommend; see `NothingToRecommendCode` of the schema. */
export type NothingCode =
  | 'UNKNOWN_SEED'
  | 'NOT_IN_MARKET'
  | 'MARKET_UNKNOWN'
  | 'EXPLICIT_BLOCKED'
  | 'NOTHING_ALIKE';

/** Why nothing else is listed than what is there. @param found all that was looked at, also what is withdrawn */
export function whyNothing(found: readonly TrackFacts[], filter: ListFilter): NothingCode {
  if (filter.market === null && !filter.includeUnavailable) return 'MARKET_UNKNOWN';
  const there = found.filter(({ withdrawn }) => !withdrawn);
  if (there.length === 0 || there.some((track) => mayList(track, filter))) return 'NOTHING_ALIKE';
  const clean = { ...filter, explicit: true };
  return there.some((track) => mayList(track, clean)) ? 'EXPLICIT_BLOCKED' : 'NOT_IN_MARKET';
}

/** For people, in English. */
export const nothingMessages: Readonly<Record<NothingCode, string>> = {
  UNKNOWN_SEED: 'There is no such track, artist or mix.',
  NOT_IN_MARKET: 'Neither it nor anything like it may be played in your country.',
  MARKET_UNKNOWN: 'It is not known in which country you are.',
  EXPLICIT_BLOCKED: 'All that goes with it is explicit, which your settings leave out.',
  NOTHING_ALIKE: 'Nobody knows yet what goes with it.',
};
