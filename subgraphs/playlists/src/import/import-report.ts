import type { ImportProgress, ImportResult } from './import-playlists.ts';

/** The end of an import, for people: a few lines without a line break at their end. */
export function formatImportReport(result: ImportResult): string {
  const { playlists, items } = result;
  const lines = [
    `${count(result.rowsRead, 'row')} read in ${(result.durationMs / 1_000).toFixed(1)} s: ${count(playlists.added, 'playlist')} added, ${count(playlists.changed)} changed, ${count(result.rejected, 'row')} rejected, ${count(result.warnings, 'warning')}.`,
  ];
  if (playlists.added + playlists.changed > 0)
    lines.push(`  ${count(items.added, 'item')} added, ${count(items.removed)} removed.`);
  else if (playlists.unchanged > 0) lines.push('Nothing changed: all that could be read is here already.');
  if (items.leftOut > 0)
    lines.push(`${count(items.leftOut, 'item')} of the source were removed here earlier, and stay so.`);
  if (result.rejected > 0)
    lines.push('What was rejected is not here. Mend it and run it again: only what is new goes in.');
  if (result.interrupted) lines.push('Interrupted. Run it again, and the rest goes in.');
  return lines.join('\n');
}

/** `writing  ████████░░░░░░░░░░░░  41 %  102 of 250 playlists  3 s left` */
export function formatImportProgress(progress: ImportProgress): string {
  const { stage, rowsRead, done, total, remainingMs } = progress;
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const filled = Math.round(share * barWidth);
  return [
    stage === 'READING' ? 'reading' : 'writing',
    `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`,
    `${Math.floor(share * 100)} %`,
    stage === 'READING' ? count(rowsRead, 'row') : `${count(done)} of ${count(total, 'playlist')}`,
    ...(remainingMs === null ? [] : [`${Math.ceil(remainingMs / 1_000)} s left`]),
  ].join('  ');
}

const barWidth = 20;

function count(number: number, thing?: string): string {
  const text = number.toLocaleString('en-US');
  return thing === undefined ? text : `${text} ${thing}${number === 1 ? '' : 's'}`;
}
