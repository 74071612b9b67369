import type { PlaybackAnswer, PlaybackDenial, PlaybackGrant } from '../domain/playback.ts';
import type { ResolversTypes } from '../generated/graphql.ts';
import { trackReference } from './track-reference.ts';

type PlaybackUrlResult = Awaited<ResolversTypes['PlaybackUrlResult']>;

/** A grant or a denial, as the member of the union that it is. */
export const toPlaybackUrlResult = (answer: PlaybackAnswer): PlaybackUrlResult =>
  answer.outcome === 'GRANTED' ? toPlaybackGrant(answer) : toPlaybackDenial(answer);

export function toPlaybackGrant({ trackId, format, asset, ...grant }: PlaybackGrant) {
  return {
    __typename: 'PlaybackGrant' as const,
    ...grant,
    track: trackReference(trackId),
    format: {
      codec: format.codec.toLowerCase(),
      mimeType: format.mimeType,
      bitrateKbps: format.bitrateKbps,
      sizeBytes: asset?.sizeBytes ?? null,
      gainDb: asset?.gainDb ?? null,
    },
  };
}

export function toPlaybackDenial(denial: PlaybackDenial): Exclude<PlaybackUrlResult, { url: string }> {
  const { outcome: code, decisionId, trackId, message } = denial;
  if (denial.outcome === 'UNDECIDED') {
    const { retryAfterMs } = denial;
    const [track, alternative] = [trackReference(trackId), null];
    return {
      __typename: 'PlaybackUndecided',
      decisionId,
      code,
      message,
      track,
      alternative,
      retryAfterMs,
    };
  }
  const common = {
    decisionId,
    code,
    message,
    track: trackReference(denial.outcome === 'NOT_FOUND' ? null : trackId),
    alternative: trackReference(denial.alternativeId),
  };
  switch (denial.outcome) {
    case 'SIGN_IN_REQUIRED':
    case 'ACCOUNT_INACTIVE':
      return { __typename: 'SignInRequired', ...common };
    case 'NOT_FOUND':
    case 'WITHDRAWN':
    case 'NOT_ENCODED':
      return { __typename: 'TrackUnavailable', ...common, availableFrom: null };
    case 'NOT_RELEASED':
      return { __typename: 'TrackUnavailable', ...common, availableFrom: denial.availableFrom };
    case 'MARKET_UNKNOWN':
    case 'NOT_LICENSED': {
      const market = denial.outcome === 'NOT_LICENSED' ? denial.market : null;
      const availableMarkets = denial.availableMarkets.toSorted();
      return { __typename: 'MarketRestricted', ...common, market, availableMarkets };
    }
    case 'EXPLICIT_BLOCKED':
      return { __typename: 'ExplicitBlocked', ...common };
    case 'TIER_REQUIRED': {
      const { requiredTier, maxQuality } = denial;
      return { __typename: 'TierRequired', ...common, requiredTier, maxQuality };
    }
  }
}
