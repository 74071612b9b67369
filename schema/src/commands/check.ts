import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'graphql';
import { buildApiSchema } from '../api-schema.ts';
import { composedFiles } from '../composed-files.ts';
import { lintSchema } from '../lint.ts';
import { readOperationDocuments } from '../operations-list.ts';
import { schemaFolder } from '../sdl.ts';

/** `npm run schema:check`: says all that is wrong with the schema, and ends with 1 when something is. */
const problems = [...findStale(), ...lintSchema(), ...findInvalidOperations()];
for (const problem of problems) console.error(`- ${problem}`);
console.error(
  problems.length === 0 ? 'the schema is as it should be' : `the schema has ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

function findStale(): string[] {
  const stale = [...composedFiles()].filter(([file, text]) => {
    const path = join(schemaFolder, file);
    return !existsSync(path) || readFileSync(path, 'utf8') !== text;
  });
  return stale.map(([file]) => `schema/${file} is stale: run npm run schema:compose`);
}

function findInvalidOperations(): string[] {
  const schema = buildApiSchema();
  return readOperationDocuments().flatMap(({ file, document }) =>
    validate(schema, document).map(({ message }) => `schema/operations/${file}: ${message}`),
  );
}
