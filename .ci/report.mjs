// node .ci/report.mjs <folder of records> [failed step…]
// Says what was skipped and what failed, with the first lines of why, and closes with `N passed, N failed, N skipped`,
// where a failed step counts as one failure unless its tests are counted already. Exits with 1 when anything failed or
// nothing ran.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...failedSteps] = process.argv.slice(2);
const failures = [];
/** Of how many failures the reasons are told again: where many fail, they fail for few. */
const explained = 30;
const sum = { passed: 0, failed: 0, skipped: 0 };

console.log('\n=== report');
for (const file of readdirSync(folder).sort()) {
  const step = file.replace('.json', '');
  const { passed, failed, skipped } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  for (const test of skipped) console.log(`skipped in ${step}: ${test}`);
  console.log(`${step}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  for (const { name, why } of failed) failures.push({ title: `FAILED in ${step}: ${name}`, why });
  sum.passed += passed;
  sum.failed += failed.length;
  sum.skipped += skipped.length;
  if (failed.length > 0 && failedSteps.includes(step)) failedSteps.splice(failedSteps.indexOf(step), 1);
}
// Last, as of a long log the end is kept.
for (const [index, { title, why }] of failures.entries())
  console.log([title, ...(index < explained ? why : [])].join('\n    '));
if (sum.passed === 0) failedSteps.push('no test passed');
for (const step of failedSteps) console.log(`FAILED: ${step}`);
sum.failed += failedSteps.length;
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 ? 1 : 0;
