import { z } from 'zod';
import { days, defineEvent, defineTopic } from './define.ts';
import { audioQuality, tier } from './play-events.ts';

const milliseconds = z.int().nonnegative();

/** How one start felt, as a player measured it. The facts of the grant come from its signed token. */
export const playbackMeasured = defineEvent('PlaybackMeasured', 1, {
  /** `user_…` */
  userId: z.string(),
  trackId: z.string(),
  /** `decision_…`, the grant: one start counts for each. */
  decisionId: z.string(),
  market: z.string(),
  tier,
  quality: audioQuality,
  /** When it was granted: the same each time the measurement is told. Sinks claim by it. */
  grantedAt: z.iso.datetime(),
  /** When somebody clicked, put right by the server's clock. */
  startedAt: z.iso.datetime(),
  /** When the report arrived: another time each time that it is told. */
  reportedAt: z.iso.datetime(),
  /** Of what the client told: the same when it tells the measurement again. */
  contentHash: z.string(),
  outcome: z.enum(['STARTED', 'FAILED', 'ABANDONED']),
  /** Null unless it failed. */
  failure: z.string().nullable(),
  httpStatus: z.int().nullable(),
  /** From the click to the first sound; null when it was not measured, or there was none. */
  clickToSoundMs: milliseconds.nullable(),
  msPlayed: milliseconds,
  /** When sound stopped for want of data: where in the play, and for how long. */
  stalls: z.array(z.looseObject({ atMs: milliseconds, lengthMs: milliseconds })),
  bytes: z.int().nonnegative(),
  /** Answers of the edge that came from its cache whole, and those that did not. */
  edgeHits: z.int().nonnegative(),
  edgeMisses: z.int().nonnegative(),
  deviceId: z.string().nullable(),
  /** Which player measured: `web/1.4.0`. */
  player: z.string().nullable(),
});

/** Keyed by user. Some may be lost: they become statistics. */
export const playbackQuality = defineTopic({
  name: 'streaming.playback-quality.v1',
  partitions: 12,
  retentionMs: days(7),
  events: [playbackMeasured],
});
