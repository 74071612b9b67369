import type { ImportResult } from './import-catalog.ts';

/** The end of an import, for people: a few lines without a line break at their end. */
export function formatImportReport(result: ImportResult): string {
  const { artists, albums, tracks } = result;
  const added = artists.added + albums.added + tracks.added;
  const changed = artists.changed + albums.changed + tracks.changed;
  const lines = [
    `${count(result.rowsRead, 'row')} read in ${(result.durationMs / 1_000).toFixed(1)} s: ${count(added)} added, ${count(changed)} changed, ${count(result.rejected)} rejected, ${count(result.warnings, 'warning')}.`,
  ];
  if (added + changed > 0) {
    for (const [name, tally] of [
      ['artists', artists],
      ['albums', albums],
      ['tracks', tracks],
    ] as const)
      lines.push(
        `  ${name.padEnd(8)}${count(tally.added).padStart(10)} added${count(tally.changed).padStart(10)} changed`,
      );
  } else lines.push('Nothing changed: the catalog has all of it already.');
  if (result.unplayable > 0)
    lines.push(
      `Warning: ${count(result.unplayable, 'track')} may be played nowhere, because no source says where. Give --markets to say it for all of them.`,
    );
  if (result.deleted > 0)
    lines.push(`${count(result.deleted, 'track')} were deleted here earlier, and stay so.`);
  if (result.rejected > 0)
    lines.push('Rejected rows are not in the catalog. Mend them and run it again: only what is new goes in.');
  if (result.interrupted) lines.push('Interrupted. Run it again, and the rest goes in.');
  return lines.join('\n');
}

function count(number: number, thing?: string): string {
  const text = number.toLocaleString('en-US');
  return thing === undefined ? text : `${text} ${thing}${number === 1 ? '' : 's'}`;
}
