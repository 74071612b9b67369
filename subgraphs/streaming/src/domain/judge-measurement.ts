import { findMeasurementRejection } from './measurement-rejection.ts';
import type { PlaybackMeasurement } from './playback-measurement.ts';
import type { Rejection } from './rejection.ts';
import type { MeasurementCircumstances, ReportedMeasurement } from './reported-measurement.ts';

export type MeasurementJudgement =
  | { readonly accepted: PlaybackMeasurement; readonly rejected: null }
  | { readonly accepted: null; readonly rejected: Rejection };

/**
 * Whether a measurement is taken, and what is kept of it: track, market, tier and quality are those of the grant.
 */
export function judgeMeasurement(
  measurement: ReportedMeasurement,
  circumstances: MeasurementCircumstances,
): MeasurementJudgement {
  const { rejected, grant } = findMeasurementRejection(measurement, circumstances);
  if (rejected) return { accepted: null, rejected };

  const { viewerId, deviceId, player, receivedAt, clockOffsetMs } = circumstances;
  const { outcome, clickToSoundMs } = measurement;
  const startedAt = Math.min(measurement.startedAt.getTime() + clockOffsetMs, receivedAt.getTime());
  const accepted: PlaybackMeasurement = {
    id: measurement.id.toLowerCase(),
    userId: viewerId,
    trackId: grant.trackId,
    decisionId: grant.decisionId,
    market: grant.market,
    tier: grant.tier,
    quality: grant.grantedQuality,
    grantedAt: grant.decidedAt,
    startedAt: new Date(startedAt),
    reportedAt: receivedAt,
    outcome,
    failure: outcome === 'FAILED' ? (measurement.failure ?? 'OTHER') : null,
    httpStatus: measurement.httpStatus,
    clickToSoundMs: clickToSoundMs === null ? null : Math.trunc(clickToSoundMs),
    msPlayed: Math.trunc(measurement.msPlayed),
    stalls: measurement.stalls.map(({ atMs, lengthMs }) => ({
      atMs: Math.trunc(atMs),
      lengthMs: Math.trunc(lengthMs),
    })),
    bytes: Math.trunc(measurement.bytes),
    edgeHits: measurement.edgeHits,
    edgeMisses: measurement.edgeMisses,
    deviceId,
    player,
  };
  return { accepted, rejected: null };
}
