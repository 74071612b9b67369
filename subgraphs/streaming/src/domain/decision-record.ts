import type { AudioQuality } from './audio-quality.ts';
import type { PlaybackDecision } from './decide-playback.ts';
import type { Tier } from './tier.ts';

/** Where the market of a decision comes from: the client's address counts before the account's country. */
export type MarketSource = 'ADDRESS' | 'ACCOUNT';

/** What a decision can come to. */
export const decisionOutcomes = [
  'GRANTED',
  'SIGN_IN_REQUIRED',
  'ACCOUNT_INACTIVE',
  'NOT_FOUND',
  'WITHDRAWN',
  'NOT_RELEASED',
  'MARKET_UNKNOWN',
  'NOT_LICENSED',
  'EXPLICIT_BLOCKED',
  'TIER_REQUIRED',
  'NOT_ENCODED',
  'UNDECIDED',
] as const satisfies readonly (PlaybackDecision['outcome'] | 'UNDECIDED')[];

/** A decision on one attempt to play, as it is kept for analysts and support. */
export interface DecisionRecord {
  /** `decision_…` */
  readonly decisionId: string;
  readonly decidedAt: Date;
  /** Null when nobody was signed in. */
  readonly viewerId: string | null;
  readonly trackId: string;
  readonly requestedQuality: AudioQuality;
  readonly outcome: PlaybackDecision['outcome'] | 'UNDECIDED';
  /** Null when it was denied. */
  readonly grantedQuality: AudioQuality | null;
  /** The market that it was decided for; null when unknown. */
  readonly market: string | null;
  /** Null when the market is. */
  readonly marketSource: MarketSource | null;
  /** Null when nobody was signed in, or the account could not be read. */
  readonly tier: Tier | null;
  /** Which state of the track it was decided by; null when the track was not looked at, or there is none. */
  readonly trackVersion: number | null;
  /** As the viewer was told; null when it was granted. */
  readonly message: string | null;
}

/** Port to whoever wants to know what was decided. */
export interface DecisionLog {
  /** Takes it or loses it and counts the loss: never waits, never throws. */
  offer(record: DecisionRecord): void;
}

/** Port to decisions by their id. What is in it may be read for `decisionLifetimeMs`, and may be lost before. */
export interface DecisionStore {
  /** Null for one that is unknown, older, or was not kept. @throws DecisionsUnavailableError */
  find(decisionId: string): Promise<DecisionRecord | null>;
  /** Saving one again changes nothing. @throws DecisionsUnavailableError when some may not have been saved: save all again */
  save(records: readonly DecisionRecord[]): Promise<void>;
}

/** Decisions are kept for support for seven days. In milliseconds. */
export const decisionLifetimeMs = 7 * 86_400_000;

/** Decisions cannot be read or saved just now. The message is for logs: it may hold addresses. */
export class DecisionsUnavailableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DecisionsUnavailableError';
  }
}

/**
 * For how many decisions like it one stands that is to be kept; null for one that is not kept. Every denial is kept, and one
 * grant in so many: which ones follows from their ids, so that all processes agree.
 * @param grantsPerSample 1 or more
 */
export function sampleDecision(
  { decisionId, outcome }: Pick<DecisionRecord, 'decisionId' | 'outcome'>,
  grantsPerSample: number,
): number | null {
  if (outcome !== 'GRANTED') return 1;
  return lot(decisionId) % grantsPerSample === 0 ? grantsPerSample : null;
}

/** 0 up to 2^30 - 1, by the last six characters of an id, which are random. */
function lot(id: string): number {
  let value = 0;
  for (const character of id.slice(-6)) value = value * 32 + alphabet.indexOf(character);
  return value;
}

// Crockford's base32, as in ids.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
