import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UnusableSourceError } from '@medley/csv';
import { EvaluateArgumentsError, parseEvaluateArguments, usage } from '../evaluation/arguments.ts';
import { evaluate, TooLittleError } from '../evaluation/evaluate.ts';
import { drawEvaluation } from '../evaluation/plot.ts';
import { createProgressLine } from '../evaluation/progress-line.ts';
import { readPlaylists } from '../evaluation/read-playlists.ts';
import { readTable } from '../evaluation/read-table.ts';
import { describeEvaluation, describeSource } from '../evaluation/report.ts';

/**
 * npm run recommendations:evaluate: how well each method finds what was held out (EVALUATION.md). The table goes to the standard output,
 * progress to the other. Exit status: 0 when it was measured, 1 when it could not be, 2 for wrong arguments, 130 when it was interrupted.
 */
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interruption.abort(new Error('interrupted: nothing was measured to its end')));
}
const { signal } = interruption;
const progress = createProgressLine(process.stderr);
try {
  const request = parseEvaluateArguments(process.argv.slice(2));
  if (request === 'help') {
    console.log(usage);
  } else {
    const { source, seeds, methods, plot } = request;
    const reading = { signal, onProgress: (text: string) => progress.show(`reading, ${text}`) };
    const read =
      'playlists' in source
        ? await readPlaylists(source.playlists, reading)
        : await readTable(source.table, { header: source.header, ...reading });
    progress.clear();
    console.log(`${describeSource(read)}\n`);
    const evaluation = await evaluate(read.interactions, {
      seeds,
      methods,
      signal,
      onProgress: (where, { stage, done, total }) =>
        progress.show(`${where}: ${stage} ${Math.floor((100 * done) / total)} %`),
    });
    progress.clear();
    console.log(describeEvaluation(evaluation));
    if (plot !== undefined) {
      const what = 'playlists' in source ? 'playlist continuation' : basename(source.table);
      await writeFile(plot, drawEvaluation(`Recommending what was held out: ${what}`, evaluation));
      console.log(`The plot is in ${plot}.`);
    }
  }
} catch (error) {
  progress.clear();
  const isExpected = error instanceof UnusableSourceError || error instanceof TooLittleError;
  const isWrong = error instanceof EvaluateArgumentsError;
  console.error(isExpected || isWrong || signal.aborted ? (error as Error).message : error);
  if (isWrong) console.error(`\n${usage}`);
  process.exitCode = isWrong ? 2 : signal.aborted ? 130 : 1;
}
