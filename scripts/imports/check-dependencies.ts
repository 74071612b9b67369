import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findImports } from './find-imports.ts';
import { sourceFiles } from './source-files.ts';
import type { Violation } from './violation.ts';
import { packageNameOf, readManifest, readWorkspaces, type Workspace, workspaceOf } from './workspaces.ts';

/** Used, though no source of ours imports them: by generated code, or as a peer of what is imported. */
const usedWithoutImport: Readonly<Record<string, readonly string[]>> = {
  '@prisma/client': [
    'subgraphs/analytics',
    'subgraphs/catalog',
    'subgraphs/playlists',
    'subgraphs/recommendations',
    'subgraphs/users',
  ],
  '@graphql-typed-document-node/core': ['schema'],
  rxjs: ['router', 'standalone'],
  graphql: [
    'router/explorer',
    'subgraphs/catalog',
    'subgraphs/playlists',
    'subgraphs/recommendations',
    'subgraphs/search',
    'subgraphs/streaming',
    'subgraphs/users',
  ],
};

/**
 * Holds the imports of each workspace against its package.json: what `src/` imports stands in `dependencies`; tests and
 * configurations may use `devDependencies`, the root's too. A dependency that nothing names is reported.
 */
export function checkDependencies(root: string): readonly Violation[] {
  const workspaces = readWorkspaces(root);
  const files = sourceFiles(root);
  const rootDev = Object.keys(readManifest(root, '.').devDependencies ?? {});
  return workspaces.flatMap((own) => {
    const manifest = readManifest(root, own.folder);
    const shipped = Object.keys(manifest.dependencies ?? {});
    const dev = Object.keys(manifest.devDependencies ?? {});
    const named = new Set<string>();
    const violations: Violation[] = [];
    for (const file of files.filter((candidate) => workspaceOf(workspaces, candidate) === own)) {
      const source = readFileSync(join(root, file), 'utf8');
      // Some are found by name: `require.resolve('<package>/<file>')`.
      for (const name of [...shipped, ...dev]) if (source.includes(`'${name}/`)) named.add(name);
      const isShipped = file.startsWith(`${own.folder}/src/`);
      const allowed = new Set([own.name, ...shipped, ...(isShipped ? [] : [...dev, ...rootDev])]);
      for (const { specifier, line } of findImports(file, source)) {
        const name = packageNameOf(specifier);
        if (!name) continue;
        named.add(name);
        const list = isShipped ? 'dependencies' : 'devDependencies';
        if (!allowed.has(name))
          violations.push({ file, line, message: `'${name}' is missing in the ${list} of ${own.name}` });
      }
    }
    const idle = [...shipped, ...dev].filter((name) => !isUsed(own, named, name));
    return [...violations, ...idle.map((name) => unused(root, own, name))];
  });
}

function isUsed({ folder }: Workspace, named: ReadonlySet<string>, name: string): boolean {
  const typed = name.startsWith('@types/') ? name.slice('@types/'.length) : name;
  return named.has(typed) || Boolean(usedWithoutImport[name]?.includes(folder));
}

function unused(root: string, { folder, name: workspace }: Workspace, name: string): Violation {
  const file = `${folder}/package.json`;
  const text = readFileSync(join(root, file), 'utf8');
  const before = text.slice(0, text.indexOf(`"${name}"`));
  return { file, line: before.split('\n').length, message: `'${name}' is not used by ${workspace}` };
}
