// A vitest reporter that records what report.mjs adds up, into the file named by MEDLEY_CI_RECORD.
// (Vitest's own JSON leaves out why a test was skipped.)
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

export default class RecordReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const record = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      for (const test of module.children.allTests()) {
        const { state, note, errors = [] } = test.result();
        const name = `${file} > ${test.fullName}`;
        if (state === 'passed') record.passed += 1;
        else if (state === 'failed')
          record.failed.push({ name, why: errors.flatMap((error) => linesOf(error)) });
        else record.skipped.push(`${name}: ${note ?? reasonOf(file)}`);
      }
      // Failures outside of a test: the file does not load, or a hook of it throws.
      for (const error of [
        ...module.errors(),
        ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
      ]) {
        record.failed.push({ name: file, why: linesOf(error) });
      }
    }
    for (const error of unhandledErrors)
      record.failed.push({ name: 'outside of any test', why: linesOf(error) });
    writeFileSync(process.env.MEDLEY_CI_RECORD, JSON.stringify(record));
  }
}

/** What it says, how it differs from what was expected, and where it was thrown. */
const linesOf = ({ message, diff = '', stacks = [] }) => {
  const [at] = stacks;
  const place = at ? `at ${relative(process.cwd(), at.file)}:${at.line}:${at.column}` : '';
  return [...boundedLines(message, 10), ...boundedLines(diff, 10), ...boundedLines(place, 1)];
};

const boundedLines = (text, limit) => {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const shown = lines.slice(0, limit).map((line) => (line.length > 200 ? `${line.slice(0, 200)}…` : line));
  return lines.length > limit ? [...shown, `… and ${lines.length - limit} lines more`] : shown;
};

/** Where a whole suite is left out vitest keeps no reason; the name of its file has one. */
const reasonOf = (file) =>
  /\.(real|contract)\.test\.ts$/.test(file)
    ? 'the real part that it needs is not named by the environment'
    : 'no reason given';
