import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Every subgraph of the supergraph, in the order of composition. `nodes` lives inside the router. */
export const subgraphNames = [
  'analytics',
  'catalog',
  'nodes',
  'playlists',
  'recommendations',
  'search',
  'streaming',
  'users',
] as const;
export type SubgraphName = (typeof subgraphNames)[number];

/** The SDL of one subgraph: what all share, then its own. */
export function readSubgraphSdl(name: SubgraphName, fileOf: ReadSubgraphFile = readSubgraphFile): string {
  return `${read('shared.graphql')}\n${fileOf(name)}`;
}

/** The own SDL of a subgraph, without what all share. */
export type ReadSubgraphFile = (name: SubgraphName) => string;

export const readSubgraphFile: ReadSubgraphFile = (name) => read(`subgraphs/${name}.graphql`);

/** The composed supergraph as it is committed. `npm run schema:compose` writes it, CI fails when it is stale. */
export function readSupergraphSdl(): string {
  return read('supergraph.graphql');
}

/** The supergraph of the public contract: the whole one, in which all that is not in the contract is inaccessible. */
export function readPublicSupergraphSdl(): string {
  return read('public-supergraph.graphql');
}

/** The schema that third parties build on, for people and for tools. */
export function readPublicSdl(): string {
  return read('public.graphql');
}

/** Where `schema/` is: above this file, whether it runs from source or from a bundle in some `dist/`. */
export const schemaFolder = findSchemaFolder(dirname(fileURLToPath(import.meta.url)));

function read(file: string): string {
  return readFileSync(join(schemaFolder, file), 'utf8');
}

function findSchemaFolder(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'schema');
    if (existsSync(join(candidate, 'shared.graphql'))) return candidate;
    if (dirname(folder) === folder) throw new Error(`no folder schema/ with shared.graphql above ${start}`);
  }
}
