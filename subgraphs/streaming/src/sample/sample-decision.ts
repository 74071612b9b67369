import { createEvent, type EventOf, playbackDecided } from '@medley/events';
import { encodeId } from '@medley/ids';
import { decidePlayback, type PlaybackQuestion } from '../domain/decide-playback.ts';
import { denialMessage } from '../domain/denial-message.ts';

export type { AudioQuality } from '../domain/audio-quality.ts';
export type { PlaybackQuestion } from '../domain/decide-playback.ts';
export type { TrackFacts, ViewerFacts } from '../domain/facts.ts';
export type { Tier } from '../domain/tier.ts';

/**
 * The decision on a question that nobody asked, told as one that somebody did.
 * @param id of the decision, a UUID
 */
export function createSampleDecision(
  id: string,
  trackId: string,
  question: PlaybackQuestion,
): EventOf<typeof playbackDecided> {
  const { track, viewer, market, quality, now } = question;
  const decision = decidePlayback(question);
  const granted = decision.outcome === 'GRANTED';
  return createEvent(playbackDecided, {
    source: 'streaming',
    id,
    time: now,
    key: trackId,
    data: {
      decisionId: encodeId('decision', id),
      decidedAt: now.toISOString(),
      userId: viewer?.id ?? null,
      trackId,
      requestedQuality: quality,
      outcome: decision.outcome,
      grantedQuality: granted ? decision.grantedQuality : null,
      market: market ?? viewer?.country ?? null,
      marketSource: market ? 'ADDRESS' : viewer?.country ? 'ACCOUNT' : null,
      tier: viewer?.tier ?? null,
      trackVersion: track?.version ?? null,
      message: granted ? null : denialMessage(decision),
      sampledOutOf: 1,
    },
  });
}
