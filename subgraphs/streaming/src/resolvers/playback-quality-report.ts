import { requireSignedIn } from '@medley/subgraph';
import type { ReportedMeasurement } from '../domain/reported-measurement.ts';
import type { MutationResolvers, PlaybackMeasurementInput } from '../generated/graphql.ts';

export const playbackQualityReport: MutationResolvers['playbackQualityReport'] = (
  _,
  { input },
  { request, qualityReports },
) => {
  const { results, problems } = qualityReports.report({
    viewerId: requireSignedIn(request).id,
    measurements: input.measurements.map(toReportedMeasurement),
    sentAt: input.sentAt ?? null,
    deviceId: input.deviceId ?? null,
    player: input.player ?? null,
  });
  return {
    results: [...results],
    userErrors: problems.map(({ field, code, message }) => ({ field: ['input', ...field], code, message })),
  };
};

const toReportedMeasurement = (measurement: PlaybackMeasurementInput): ReportedMeasurement => ({
  id: measurement.id,
  playbackToken: measurement.playbackToken,
  startedAt: measurement.startedAt,
  outcome: measurement.outcome,
  failure: measurement.failure ?? null,
  httpStatus: measurement.httpStatus ?? null,
  clickToSoundMs: measurement.clickToSoundMs ?? null,
  // These have defaults in the schema.
  msPlayed: measurement.msPlayed ?? 0,
  stalls: measurement.stalls ?? [],
  bytes: measurement.bytes ?? 0,
  edgeHits: measurement.edgeHits ?? 0,
  edgeMisses: measurement.edgeMisses ?? 0,
});
