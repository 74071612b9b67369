import type { WarmProgress, WarmReport } from './warm.ts';

/** `212 of 1,000 tracks  1,893 slices fetched (946.5 MB)  311 were warm` */
export function formatWarmProgress({
  tracks,
  ofTracks,
  hits,
  fetched,
  originBytes,
  failed,
}: WarmProgress): string {
  return [
    `${count(tracks)} of ${count(ofTracks)} tracks`,
    `${count(fetched)} slices fetched (${megabytes(originBytes)})`,
    `${count(hits)} were warm`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
  ].join('  ');
}

/** What a run did, for people: some lines. */
export function formatWarmReport(report: WarmReport): string {
  const seconds = (report.durationMs / 1_000).toFixed(1);
  const why = {
    done: report.failed === 0 ? 'All of them are warm.' : 'The others are warm.',
    budget: 'The budget is spent: the rest stays as it is.',
    interrupted: 'Interrupted: what was fetched stays.',
    failing: `Given up, as one slice after another could not be had: ${report.lastFailure}`,
  }[report.ended];
  const outcome = report.ofTracks === 0 ? 'Nothing was played in the last seven days.' : why;
  const failure =
    report.lastFailure && report.ended !== 'failing' ? `\nThe last failure: ${report.lastFailure}` : '';
  return `${formatWarmProgress(report)}  in ${seconds} s\n${outcome}${failure}`;
}

const count = (value: number) => value.toLocaleString('en');
const megabytes = (bytes: number) => `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
