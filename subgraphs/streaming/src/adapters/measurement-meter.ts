import type { Metrics } from '@medley/service';
import type { MeasurementResult } from '../domain/quality-reports.ts';

/** Counts what became of measurements. */
export function createMeasurementMeter(metrics: Metrics): (results: readonly MeasurementResult[]) => void {
  const measurements = metrics.counter(
    'medley_playback_reported_measurements_total',
    'Reported measurements of starts: accepted, or the code of why one was rejected.',
    ['outcome'],
  );
  return (results) => {
    for (const { code } of results) measurements.inc({ outcome: code ?? 'accepted' });
  };
}
