import type { Metrics } from '@medley/service';
import type { LicenceScheduleOptions } from './consumers/licence-schedule.ts';

/** How the schedule of licences keeps up. */
export function createScheduleMetrics(
  metrics: Metrics,
): Required<Pick<LicenceScheduleOptions, 'onKept' | 'onApplied'>> {
  const kept = metrics.gauge(
    'medley_catalog_licences_kept_seconds',
    'When the markets of all tracks were last as their licences say, Unix time',
  );
  const changed = metrics.counter(
    'medley_catalog_licence_boundaries_total',
    'Tracks whose markets changed as a licence began or ended',
  );
  const late = metrics.histogram(
    'medley_catalog_licence_late_seconds',
    'How long after a licence began or ended the markets were written',
  );
  return {
    onKept: () => kept.setToCurrentTime(),
    onApplied: (step) => {
      changed.inc(step.changed);
      late.observe((step.lateMs ?? 0) / 1_000);
    },
  };
}
