import type { PlaybackDecision } from '../domain/decide-playback.ts';
import { denialMessage, undecidedMessage } from '../domain/denial-message.ts';
import type { PlaybackUndecided } from '../domain/playback.ts';
import type { ResolversTypes } from '../generated/graphql.ts';
import { trackReference } from './track-reference.ts';

/** A decision on the best quality, as the hint that screens show. */
export function toPlayability(
  decision: PlaybackDecision | PlaybackUndecided,
): Awaited<ResolversTypes['Playability']> {
  if (decision.outcome === 'GRANTED') {
    return {
      playable: true,
      maxQuality: decision.grantedQuality,
      code: null,
      message: null,
      alternative: null,
    };
  }
  const denial = { playable: false, maxQuality: null, code: decision.outcome };
  if (decision.outcome === 'UNDECIDED') return { ...denial, message: undecidedMessage, alternative: null };
  return {
    ...denial,
    message: denialMessage(decision),
    alternative: trackReference(decision.alternativeId),
  };
}
