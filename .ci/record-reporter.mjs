// A vitest reporter that records what report.mjs adds up, into the file named by MEDLEY_CI_RECORD.
// (Vitest's own JSON leaves out why a test was skipped.)
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class RecordReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const record = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        const name = `${file} > ${test.fullName}`;
        if (state === 'passed') record.passed += 1;
        else if (state === 'failed') record.failed.push(name);
        else record.skipped.push(`${name}: ${note ?? reasonOf(file)}`);
      }
      // Failures outside of a test: the file does not load, or a hook of it throws.
      for (const error of [
        ...module.errors(),
        ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
      ]) {
        record.failed.push(`${file}: ${error.message}`);
      }
    }
    for (const error of unhandledErrors) record.failed.push(`outside of any test: ${error.message}`);
    writeFileSync(process.env.MEDLEY_CI_RECORD, JSON.stringify(record));
  }
}

/** Where a whole suite is left out vitest keeps no reason; the name of its file has one. */
const reasonOf = (file) =>
  /\.(real|contract)\.test\.ts$/.test(file)
    ? 'the real part that it needs is not named by the environment'
    : 'no reason given';
