import type { AudioQuality } from './audio-quality.ts';
import type { Tier } from './tier.ts';

/** How the audio of one quality is packed. */
export interface AudioFormat {
  readonly codec: string;
  readonly mimeType: string;
  /** Nominal. */
  readonly bitrateKbps: number;
}

/** What is known of one encoding of one track. */
export interface AudioAsset {
  readonly sizeBytes: number;
  /** What brings it to -14 LUFS, in decibels. */
  readonly gainDb: number;
}

/** Port to what is known of encoded audio. It answers from memory: a grant waits for nothing but the facts. */
export interface AudioAssets {
  /** Null when it was not measured; a grant is given all the same. */
  find(trackId: string, quality: AudioQuality): AudioAsset | null;
}

/** What a URL is signed for. */
export interface AudioUrlRequest {
  readonly trackId: string;
  readonly quality: AudioQuality;
  readonly userId: string;
  readonly expiresAt: Date;
}

/** What a grant promised, for whoever judges the play later. */
export interface PlaybackTokenFacts {
  readonly decisionId: string;
  readonly viewerId: string;
  readonly trackId: string;
  readonly market: string;
  readonly tier: Tier;
  readonly requestedQuality: AudioQuality;
  readonly grantedQuality: AudioQuality;
  readonly decidedAt: Date;
}

/** Port to signed facts that clients carry. */
export interface PlaybackTokens {
  sign(facts: PlaybackTokenFacts): string;
  /**
   * The facts in a token that we signed; null when it is malformed, forged, or of a key that is no longer known. A token
   * has no end of its own: who takes it judges by `decidedAt`.
   */
  verify(token: string): PlaybackTokenFacts | null;
}
