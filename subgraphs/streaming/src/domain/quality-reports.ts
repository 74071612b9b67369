import { judgeMeasurement } from './judge-measurement.ts';
import { clockOffset } from './judge-report.ts';
import { problemsOfDeviceId } from './playback-device.ts';
import type { PlaybackMeasurement } from './playback-measurement.ts';
import type { PlaybackTokens } from './playback-ports.ts';
import { type Problem, problemsOfText } from './problem.ts';
import type { RejectionCode } from './rejection.ts';
import type { ReportedMeasurement } from './reported-measurement.ts';

/** A batch of measurements as a client tells them. */
export interface QualityReport {
  /** Who reports, `user_…`. */
  readonly viewerId: string;
  readonly measurements: readonly ReportedMeasurement[];
  /** What the client's clock showed when it was sent; null when it does not tell. */
  readonly sentAt: Date | null;
  readonly deviceId: string | null;
  readonly player: string | null;
}

/** What became of one measurement. */
export type MeasurementResult = { readonly id: string } & (
  | { readonly accepted: true; readonly code: null; readonly message: null }
  | { readonly accepted: false; readonly code: RejectionCode; readonly message: string }
);

export interface QualityReportAnswer {
  /** One for each measurement, in their order; none when there are problems. */
  readonly results: readonly MeasurementResult[];
  /** What is wrong with the report as a whole. */
  readonly problems: readonly Problem[];
}

/** Port to where measurements become statistics. */
export interface MeasurementLog {
  /**
   * Takes it, or loses it: never waits, never throws.
   * @param contentHash of what the client told: the same when it tells it again
   */
  offer(measurement: PlaybackMeasurement, contentHash: string): void;
}

export interface QualityReportsDependencies {
  readonly tokens: Pick<PlaybackTokens, 'verify'>;
  readonly log: MeasurementLog;
  /** A short hash that nobody can find two texts for. */
  readonly hash: (text: string) => string;
  /** Told what became of each report's measurements. */
  readonly observe: (results: readonly MeasurementResult[]) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Takes reports of how playing felt. */
export interface QualityReports {
  /** Each measurement stands for itself. It waits for nothing. */
  report(report: QualityReport): QualityReportAnswer;
}

/** How many measurements a report has at most. */
const largestReport = 100;

export function createQualityReports(dependencies: QualityReportsDependencies): QualityReports {
  const { tokens, log, hash, observe, clock } = dependencies;
  return {
    report({ viewerId, deviceId, player, sentAt, measurements }) {
      const problems = problemsOf(measurements.length, deviceId, player);
      if (problems.length > 0) return { results: [], problems };
      const receivedAt = new Date(clock());
      const circumstances = {
        ...{ viewerId, deviceId, player, receivedAt },
        clockOffsetMs: clockOffset(sentAt, receivedAt),
      };
      const hashes = new Map<string, string>();
      const results = measurements.map((measurement): MeasurementResult => {
        const { id, playbackToken } = measurement;
        const grant = tokens.verify(playbackToken);
        const { accepted, rejected } = judgeMeasurement(measurement, { ...circumstances, grant });
        if (rejected) return { id, accepted: false, ...rejected };
        const contentHash = hash(contentOf(measurement, viewerId));
        const known = hashes.get(accepted.id);
        if (known !== undefined && known !== contentHash) return reusedId(id);
        if (known === undefined) log.offer(accepted, contentHash);
        hashes.set(accepted.id, contentHash);
        return { id, accepted: true, code: null, message: null };
      });
      observe(results);
      return { results, problems: [] };
    },
  };
}

function problemsOf(measurements: number, deviceId: string | null, player: string | null): Problem[] {
  if (measurements < 1 || measurements > largestReport) {
    const message = `A report has 1 to ${largestReport} measurements, got ${measurements}.`;
    return [{ field: ['measurements'], code: 'INVALID', message }];
  }
  return [
    ...(deviceId === null ? [] : problemsOfDeviceId(['deviceId'], deviceId)),
    ...problemsOfText(['player'], player ?? '', 64),
  ];
}

/** What makes a measurement the one that it is. Not when, and from which device, it was sent. */
const contentOf = (measurement: ReportedMeasurement, viewerId: string): string =>
  JSON.stringify([
    viewerId,
    measurement.playbackToken,
    measurement.startedAt.getTime(),
    measurement.outcome,
    measurement.failure,
    measurement.httpStatus,
    measurement.clickToSoundMs,
    measurement.msPlayed,
    measurement.stalls.map(({ atMs, lengthMs }) => [atMs, lengthMs]),
    measurement.bytes,
    measurement.edgeHits,
    measurement.edgeMisses,
  ]);

const reusedId = (id: string): MeasurementResult => ({
  id,
  accepted: false,
  code: 'ID_REUSED',
  message: 'id: expected one of its own for each measurement, got one that was sent with another measurement',
});
