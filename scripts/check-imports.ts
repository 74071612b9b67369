import { fileURLToPath } from 'node:url';
import { checkImports } from './imports/check-imports.ts';

const violations = checkImports(fileURLToPath(new URL('..', import.meta.url)));
for (const { file, line, message } of violations) console.error(`${file}:${line} ${message}`);
if (violations.length > 0) {
  console.error(`\n${violations.length} against the import rules. The table is scripts/imports/rooms.ts.`);
  process.exitCode = 1;
}
