import { fileURLToPath } from 'node:url';
import { checkDependencies } from './imports/check-dependencies.ts';
import { checkImports } from './imports/check-imports.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const violations = [...checkImports(root), ...checkDependencies(root)];
for (const { file, line, message } of violations) console.error(`${file}:${line} ${message}`);
if (violations.length > 0) {
  console.error(
    `\n${violations.length} against the import rules: scripts/imports/rooms.ts, and each package.json.`,
  );
  process.exitCode = 1;
}
