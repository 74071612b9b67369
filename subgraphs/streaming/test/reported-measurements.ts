import type { ReportedMeasurement } from '../src/domain/reported-measurement.ts';
import { minutesAgo } from './reported-plays.ts';

/** A start of four minutes ago that went well, unless told otherwise. */
export const aMeasurement = (measurement: Partial<ReportedMeasurement> = {}): ReportedMeasurement => ({
  id: '0190a5b2-7c1e-7d3a-9f00-3b2a1c0d9e8f',
  playbackToken: 'a token',
  startedAt: minutesAgo(4),
  outcome: 'STARTED',
  failure: null,
  httpStatus: null,
  clickToSoundMs: 180,
  msPlayed: 212_000,
  stalls: [{ atMs: 61_000, lengthMs: 420 }],
  bytes: 8_400_000,
  edgeHits: 15,
  edgeMisses: 2,
  ...measurement,
});
