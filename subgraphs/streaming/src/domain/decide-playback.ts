import { type AudioQuality, chooseEncoding, isWithin } from './audio-quality.ts';
import type { ReleaseFacts, TrackFacts, ViewerFacts } from './facts.ts';
import { type Tier, tierFor, tierRights } from './tier.ts';

/** Who wants to hear what, where, how well and when. */
export interface PlaybackQuestion {
  /** Null when there is no such track. */
  readonly track: TrackFacts | null;
  /** Null when nobody is signed in. */
  readonly viewer: ViewerFacts | null;
  /**
   * The market that the client's address tells, ISO 3166-1 alpha-2. Null when it tells none: the account's country
   * holds then.
   */
  readonly market: string | null;
  /** False when the request itself asks not to hear explicit tracks. */
  readonly explicit: boolean;
  readonly quality: AudioQuality;
  readonly now: Date;
}

export interface PlaybackGranted {
  readonly outcome: 'GRANTED';
  readonly market: string;
  readonly tier: Tier;
  readonly grantedQuality: AudioQuality;
  /** Why `grantedQuality` is not the requested one; null when it is. */
  readonly substitution: 'NOT_ENCODED' | null;
  readonly adSupported: boolean;
  readonly durationMs: number;
}

/**
 * A denial; `alternativeId` is another release of the recording that would be granted, in the requested quality or the
 * best that the viewer's tier plays.
 */
export type PlaybackDenied = { readonly alternativeId: string | null } & (
  | { readonly outcome: 'SIGN_IN_REQUIRED' | 'ACCOUNT_INACTIVE' | 'NOT_FOUND' | 'WITHDRAWN' }
  | { readonly outcome: 'NOT_RELEASED'; readonly availableFrom: Date }
  | { readonly outcome: 'MARKET_UNKNOWN'; readonly availableMarkets: readonly string[] }
  | {
      readonly outcome: 'NOT_LICENSED';
      readonly market: string;
      readonly availableMarkets: readonly string[];
    }
  | { readonly outcome: 'EXPLICIT_BLOCKED' }
  | {
      readonly outcome: 'TIER_REQUIRED';
      readonly requestedQuality: AudioQuality;
      readonly tier: Tier;
      readonly requiredTier: Tier;
      /** The best that the viewer's tier may play of this track. */
      readonly maxQuality: AudioQuality | null;
    }
  | {
      readonly outcome: 'NOT_ENCODED';
      /** The cheapest tier that plays an encoding that there is; null when there is none at all. */
      readonly requiredTier: Tier | null;
    }
);

export type PlaybackDecision = PlaybackGranted | PlaybackDenied;

/**
 * Whether the viewer may play the track, and in which quality. The first of these that fails denies: signed in, account
 * active, track exists and is not withdrawn, is released, is licensed in the market, is not too explicit, tier allows the
 * quality, an encoding is there. What is not known denies.
 */
export function decidePlayback(question: PlaybackQuestion): PlaybackDecision {
  const decision = judge(question.track, question);
  if (decision.outcome === 'GRANTED' || !helpedByAnotherRelease.has(decision.outcome)) return decision;
  // Another release is worth naming also when it can only be heard in the lower quality that the tier plays.
  const withinTier = { ...question, quality: capToTier(question) };
  const alternative = question.track?.alternatives.find(
    (release) => judge(release, withinTier).outcome === 'GRANTED',
  );
  return alternative ? { ...decision, alternativeId: alternative.id } : decision;
}

/**
 * Whether the viewer could play the track in any quality: the decision on the best that the tier plays.
 */
export function decidePlayability(question: Omit<PlaybackQuestion, 'quality'>): PlaybackDecision {
  const quality = question.viewer ? tierRights[question.viewer.tier].bestQuality : 'LOW';
  return decidePlayback({ ...question, quality });
}

function capToTier({ viewer, quality }: PlaybackQuestion): AudioQuality {
  const best = viewer ? tierRights[viewer.tier].bestQuality : quality;
  return isWithin(quality, best) ? quality : best;
}

const helpedByAnotherRelease: ReadonlySet<PlaybackDecision['outcome']> = new Set([
  'WITHDRAWN',
  'NOT_RELEASED',
  'NOT_LICENSED',
  'EXPLICIT_BLOCKED',
  'NOT_ENCODED',
]);

function judge(
  track: ReleaseFacts | null,
  { viewer, market: addressMarket, explicit, quality, now }: PlaybackQuestion,
): PlaybackDecision {
  const alternativeId = null;
  if (!viewer) return { outcome: 'SIGN_IN_REQUIRED', alternativeId };
  if (!viewer.active) return { outcome: 'ACCOUNT_INACTIVE', alternativeId };
  if (!track) return { outcome: 'NOT_FOUND', alternativeId };
  if (track.withdrawn) return { outcome: 'WITHDRAWN', alternativeId };
  if (track.releasedAt && track.releasedAt > now) {
    return { outcome: 'NOT_RELEASED', availableFrom: track.releasedAt, alternativeId };
  }

  const { availableMarkets, encodings } = track;
  const market = addressMarket ?? viewer.country;
  if (!market) return { outcome: 'MARKET_UNKNOWN', availableMarkets, alternativeId };
  if (!availableMarkets.includes(market)) {
    return { outcome: 'NOT_LICENSED', market, availableMarkets, alternativeId };
  }
  if (track.explicit && !(viewer.allowsExplicit && explicit)) {
    return { outcome: 'EXPLICIT_BLOCKED', alternativeId };
  }

  const { tier } = viewer;
  const { bestQuality, adSupported } = tierRights[tier];
  if (!isWithin(quality, bestQuality)) {
    return {
      outcome: 'TIER_REQUIRED',
      requestedQuality: quality,
      tier,
      requiredTier: tierFor(quality),
      maxQuality: chooseEncoding(encodings, bestQuality, bestQuality),
      alternativeId,
    };
  }
  const grantedQuality = chooseEncoding(encodings, quality, bestQuality);
  if (!grantedQuality) {
    const lowest = chooseEncoding(encodings, 'LOW', 'LOSSLESS');
    return { outcome: 'NOT_ENCODED', requiredTier: lowest && tierFor(lowest), alternativeId };
  }
  const substitution = grantedQuality === quality ? null : 'NOT_ENCODED';
  const { durationMs } = track;
  return { outcome: 'GRANTED', market, tier, grantedQuality, substitution, adSupported, durationMs };
}
