import type { Metrics } from '@medley/service';
import type { ReportResult } from '../domain/play-reports.ts';

/** Counts what became of reported plays. */
export function createReportMeter(metrics: Metrics): (results: readonly ReportResult[]) => void {
  const events = metrics.counter(
    'medley_playback_reported_events_total',
    'Reported plays, by what became of them; the code says why one was rejected, or is the reason not to count it.',
    ['status', 'code'],
  );
  return (results) => {
    // A report has a hundred plays and few outcomes.
    const tally = new Map<string, { status: string; code: string; times: number }>();
    for (const result of results) {
      const code = codeOf(result);
      const key = `${result.status} ${code}`;
      const entry = tally.get(key) ?? { status: result.status, code, times: 0 };
      entry.times += 1;
      tally.set(key, entry);
    }
    for (const { status, code, times } of tally.values()) events.inc({ status, code }, times);
  };
}

function codeOf(result: ReportResult): string {
  if (result.status === 'REJECTED') return result.code;
  return result.status === 'RETRY_LATER' ? '' : (result.notCountedReason ?? '');
}
