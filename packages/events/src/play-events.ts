import { z } from 'zod';
import { days, defineEvent, defineTopic } from './define.ts';

const milliseconds = z.int().nonnegative();
export const audioQuality = z.enum(['LOW', 'MEDIUM', 'NORMAL', 'HIGH', 'LOSSLESS']);
export const tier = z.enum(['FREE', 'PREMIUM']);

/** What a track was played from. */
export const playContext = z.looseObject({ kind: z.string(), id: z.string().nullable() });

/** A track was heard, wholly or in part. The facts of the grant come from its signed token, not from the day of the report. */
export const trackPlayed = defineEvent('TrackPlayed', 1, {
  /** `user_…` */
  userId: z.string(),
  trackId: z.string(),
  /** When it began, put right by the server's clock. */
  playedAt: z.iso.datetime(),
  /** When the report arrived: another time each time that the play is told. */
  reportedAt: z.iso.datetime(),
  /** Of what the client told: the same when it tells the play again, another when it tells another play under this id. */
  contentHash: z.string(),
  msPlayed: milliseconds,
  /** Whether it is a play: 30 s were heard, and a grant vouches for it. */
  counted: z.boolean(),
  notCountedReason: z.enum(['TOO_SHORT', 'UNVERIFIED', 'GRANT_EXPIRED']).nullable(),
  context: playContext.nullable(),
  /** These five are null without a valid token. */
  decisionId: z.string().nullable(),
  market: z.string().nullable(),
  tier: tier.nullable(),
  quality: audioQuality.nullable(),
  /**
   * When it was granted: by the token, so the same each time the play is told, as `playedAt` of a client with a changing clock is not.
   * Sinks claim by it.
   */
  grantedAt: z.iso.datetime().nullable(),
  startReason: z.string(),
  endReason: z.string(),
  /** Somebody went on to another track before the end of this one. */
  skipped: z.boolean(),
  offline: z.boolean(),
  deviceId: z.string().nullable(),
  clickToSoundMs: milliseconds.nullable(),
  stalls: z.int().nonnegative(),
  stalledMs: milliseconds,
});

/** Keyed by user. Older ones are in the archive. */
export const playEvents = defineTopic({
  name: 'streaming.play-events.v1',
  partitions: 12,
  retentionMs: days(7),
  events: [trackPlayed],
});

/** A playback decision: every denial, and a sample of grants. */
export const playbackDecided = defineEvent('PlaybackDecided', 1, {
  decisionId: z.string(),
  decidedAt: z.iso.datetime(),
  /** Null when nobody was signed in. */
  userId: z.string().nullable(),
  trackId: z.string(),
  requestedQuality: audioQuality,
  /** `GRANTED`, or why not: the codes of `PlaybackDenialCode`. */
  outcome: z.string(),
  grantedQuality: audioQuality.nullable(),
  market: z.string().nullable(),
  /** Where the market comes from. */
  marketSource: z.enum(['ADDRESS', 'ACCOUNT']).nullable(),
  tier: tier.nullable(),
  /** Which state of the track it was decided by. */
  trackVersion: z.int().nullable(),
  /** As the viewer was told; null for a grant. */
  message: z.string().nullable(),
  /** How many decisions like this it stands for: 1 for a denial. */
  sampledOutOf: z.int().positive(),
});

/** Keyed by track. */
export const playbackDecisions = defineTopic({
  name: 'streaming.playback-decisions.v1',
  partitions: 6,
  retentionMs: days(7),
  events: [playbackDecided],
});

const device = z.looseObject({ id: z.string(), name: z.string().nullable() });

/**
 * A device began to hold an account's active stream, plays something else with it, pauses, goes on or jumps, lost it to another
 * device, or let go of it.
 * Nobody tells of a session that ends by silence.
 */
export const playbackSessionChanged = defineEvent('PlaybackSessionChanged', 1, {
  userId: z.string(),
  sessionId: z.string(),
  /** Greater with each session of the account. */
  epoch: z.int().nonnegative(),
  state: z.enum(['STARTED', 'CHANGED', 'TAKEN_OVER', 'ENDED']),
  device,
  trackId: z.string().nullable(),
});

/** The queue of an account was replaced. */
export const playbackQueueChanged = defineEvent('PlaybackQueueChanged', 1, {
  userId: z.string(),
  revision: z.int().nonnegative(),
  items: z.int().nonnegative(),
  device: device.nullable(),
});

/** Keyed by user. */
export const playbackState = defineTopic({
  name: 'streaming.playback-state.v1',
  partitions: 6,
  retentionMs: days(1),
  events: [playbackSessionChanged, playbackQueueChanged],
});
