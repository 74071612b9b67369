import { validate } from 'graphql';
import { buildApiSchema } from '../api-schema.ts';
import { composeSupergraph } from '../compose.ts';
import { lintSchema } from '../lint.ts';
import { readOperationDocuments } from '../operations-list.ts';
import { readSupergraphSdl } from '../sdl.ts';

/** `npm run schema:check`: says all that is wrong with the schema, and ends with 1 when something is. */
const problems = [...findStale(), ...lintSchema(), ...findInvalidOperations()];
for (const problem of problems) console.error(`- ${problem}`);
console.error(
  problems.length === 0 ? 'the schema is as it should be' : `the schema has ${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

function findStale(): string[] {
  return readSupergraphSdl() === composeSupergraph()
    ? []
    : ['schema/supergraph.graphql is stale: run npm run schema:compose'];
}

function findInvalidOperations(): string[] {
  const schema = buildApiSchema();
  return readOperationDocuments().flatMap(({ file, document }) =>
    validate(schema, document).map(({ message }) => `schema/operations/${file}: ${message}`),
  );
}
