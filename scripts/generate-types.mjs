// Writes what codegen.yml names: typed resolvers and documents. It does what the generator's own program would, which
// brings 200 packages more, and some of them do not run on Node 20.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import { lexicographicSortSchema, parse, Source } from 'graphql';
import { parse as parseYaml } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const { config, generates } = parseYaml(readText('codegen.yml'));

for (const [filename, output] of Object.entries(generates)) {
  // The directives of federation are declared nowhere in the SDL of a subgraph: hence no validation here.
  const typeDefs = output.schema.map(readGraphql);
  const schemaAst = lexicographicSortSchema(makeExecutableSchema({ typeDefs, assumeValidSDL: true }));
  const plugins = await Promise.all(
    output.plugins.map(async (name) => [name, await import(`@graphql-codegen/${name}`)]),
  );
  const content = await codegen({
    filename,
    schemaAst,
    schema: getDocumentNodeFromSchema(schemaAst),
    documents: readDocuments(output.documents),
    plugins: output.plugins.map((name) => ({ [name]: {} })),
    pluginMap: Object.fromEntries(plugins),
    config: { ...config, ...output.config },
  });
  mkdirSync(dirname(join(root, filename)), { recursive: true });
  writeFileSync(join(root, filename), content);
}

function readText(path) {
  return readFileSync(join(root, path), 'utf8');
}

function readGraphql(path) {
  return parse(new Source(readText(path), path));
}

function readDocuments(folder) {
  if (!folder) return [];
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.graphql'));
  return names.sort().map((name) => {
    const path = join(folder, name);
    return { location: path, document: readGraphql(path) };
  });
}
