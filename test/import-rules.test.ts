import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDependencies } from '../scripts/imports/check-dependencies.ts';
import { checkImports } from '../scripts/imports/check-imports.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A small tree that keeps every rule; each test plants one more file in it. */
const cleanTree: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    workspaces: ['schema', 'packages/*', 'subgraphs/*', 'router', 'edge', 'standalone'],
  }),
  ...manifest('schema', '@medley/schema', { '.': './src/index.ts' }),
  ...manifest('packages/countries', '@medley/countries', { '.': './src/index.ts' }),
  ...manifest('packages/ids', '@medley/ids', { '.': './src/index.ts' }),
  ...manifest('packages/subgraph', '@medley/subgraph', { '.': './src/index.ts' }),
  ...manifest('packages/events', '@medley/events', { '.': './src/index.ts' }),
  ...manifest('subgraphs/catalog', '@medley/catalog', { '.': './src/app.ts', './*': './src/*.ts' }),
  ...manifest('subgraphs/users', '@medley/users', { '.': './src/app.ts', './*': './src/*.ts' }),
  ...manifest('router', '@medley/router', { '.': './src/app.ts', './*': './src/*.ts' }),
  ...manifest('edge', '@medley/edge', { '.': './src/app.ts', './*': './src/*.ts' }),
  ...manifest('standalone', '@medley/standalone', { '.': './src/app.ts' }),

  'subgraphs/catalog/src/domain/track.ts': `
    import { countryName } from '@medley/countries';
    export interface Track { id: string }`,
  'subgraphs/catalog/src/domain/track-repository.ts': `import type { Track } from './track.ts';`,
  'subgraphs/catalog/src/adapters/postgres-tracks.ts': `
    import { Pool } from 'pg';
    import { z } from 'zod';
    import { readFile } from 'node:fs/promises';
    import type { Track } from '../domain/track.ts';`,
  'subgraphs/catalog/src/resolvers/track.ts': `
    import { GraphQLError } from 'graphql';
    import { encodeId } from '@medley/ids';
    import type { TrackResolvers } from '../generated/graphql.ts';
    import type { Context } from '../context.ts';
    import type { Track } from '../domain/track.ts';`,
  'subgraphs/catalog/src/consumers/users-changed.ts': `
    import { usersChanged } from '@medley/events';
    import type { Track } from '../domain/track.ts';`,
  'subgraphs/catalog/src/context.ts': `import type { Track } from './domain/track.ts';`,
  'subgraphs/catalog/src/app.ts': `
    import { startSubgraph } from '@medley/subgraph';
    import './resolvers/track.ts';`,
  'subgraphs/catalog/src/main.ts': `
    import './app.ts';
    import './adapters/postgres-tracks.ts';
    console.log(process.env.PORT);`,
  'router/src/app.ts': `import { readSupergraphSdl } from '@medley/schema';`,
  'standalone/src/main.ts': `
    import { createApp } from '@medley/catalog';
    import { tracks } from '@medley/catalog/adapters/postgres-tracks';
    import { createRouter } from '@medley/router';`,
};

describe('the import rules', () => {
  it('hold in this repository', () => {
    expect(checkImports(root)).toEqual([]);
    expect(checkDependencies(root)).toEqual([]);
  });

  describe('in a planted tree', () => {
    let tree: string;
    const plant = (files: Readonly<Record<string, string>>) => {
      for (const [file, source] of Object.entries(files)) {
        mkdirSync(dirname(join(tree, file)), { recursive: true });
        writeFileSync(join(tree, file), source);
      }
    };
    beforeEach(() => {
      tree = mkdtempSync(join(tmpdir(), 'medley-import-rules-'));
      plant(cleanTree);
    });
    afterEach(() => rmSync(tree, { recursive: true }));

    it('are kept by what they allow', () => {
      expect(checkImports(tree)).toEqual([]);
    });

    const catalog = 'subgraphs/catalog/src';
    it.each([
      ['domain/ imports an adapter', `${catalog}/domain/x.ts`, `import '../adapters/postgres-tracks.ts';`],
      ['domain/ imports a registry package', `${catalog}/domain/x.ts`, `import { z } from 'zod';`],
      ['domain/ imports a package', `${catalog}/domain/x.ts`, `import { encodeId } from '@medley/ids';`],
      ['domain/ imports Node', `${catalog}/domain/x.ts`, `import { readFile } from 'node:fs/promises';`],
      ['domain/ imports Node by its old name', `${catalog}/domain/x.ts`, `import { readFile } from 'fs';`],
      [
        'resolvers/ import an adapter',
        `${catalog}/resolvers/x.ts`,
        `import '../adapters/postgres-tracks.ts';`,
      ],
      ['resolvers/ import a driver', `${catalog}/resolvers/x.ts`, `import { Pool } from 'pg';`],
      [
        'resolvers/ import the database client',
        `${catalog}/resolvers/x.ts`,
        `import '../generated/prisma/client.ts';`,
      ],
      ['resolvers/ import the application', `${catalog}/resolvers/x.ts`, `import '../app.ts';`],
      [
        'consumers/ import an adapter',
        `${catalog}/consumers/x.ts`,
        `import '../adapters/postgres-tracks.ts';`,
      ],
      ['consumers/ import a resolver', `${catalog}/consumers/x.ts`, `import '../resolvers/track.ts';`],
      ['adapters/ import a resolver', `${catalog}/adapters/x.ts`, `import '../resolvers/track.ts';`],
      ['adapters/ import the application', `${catalog}/adapters/x.ts`, `import '../app.ts';`],
      ['an adapter has two drivers', `${catalog}/adapters/x.ts`, `import 'pg'; import 'ioredis';`],
      ['app.ts imports an adapter', `${catalog}/app.ts`, `import './adapters/postgres-tracks.ts';`],
      ['a subgraph imports another', `${catalog}/main.ts`, `import { createApp } from '@medley/users';`],
      [
        'a subgraph imports the router',
        `${catalog}/main.ts`,
        `import { createRouter } from '@medley/router';`,
      ],
      [
        'a package imports a subgraph',
        'packages/ids/src/x.ts',
        `import { createApp } from '@medley/catalog';`,
      ],
      [
        'a package imports the router',
        'packages/ids/src/x.ts',
        `import { createRouter } from '@medley/router';`,
      ],
      ['the router imports a subgraph', 'router/src/x.ts', `import { createApp } from '@medley/catalog';`],
      ['the edge imports the router', 'edge/src/x.ts', `import { createRouter } from '@medley/router';`],
      ['standalone imports a domain', 'standalone/src/x.ts', `import '@medley/catalog/domain/track';`],
      ['a test imports another subgraph', 'subgraphs/catalog/test/x.test.ts', `import '@medley/users';`],
      [
        'a path leaves its workspace',
        'subgraphs/catalog/test/x.ts',
        `import '../../../packages/ids/src/index.ts';`,
      ],
      [
        'a path of a package leads into a subgraph',
        'packages/ids/src/x.ts',
        `import '../../../${catalog}/app.ts';`,
      ],
      ['a file is in no room', `${catalog}/utils/x.ts`, ``],
    ])('find that %s', (_, file, source) => {
      plant({ [file]: `${cleanTree[file] ?? ''}\n${source}` });
      expect(checkImports(tree)).toEqual([expect.objectContaining({ file })]);
    });

    it.each([
      ['type import', `import type { Pool } from 'pg';`],
      ['inline type import', `import { type Pool } from 'pg';`],
      ['re-export', `export { Pool } from 'pg';`],
      ['re-export of everything', `export * from 'pg';`],
      ['dynamic import', `const pg = await import('pg');`],
      ['type by import()', `export type Pool = import('pg').Pool;`],
      ['subpath of a package', `import 'pg/lib/client.js';`],
      ['worker', `new Worker(new URL('../adapters/worker.ts', import.meta.url));`],
    ])('see a %s', (_, source) => {
      const file = `${catalog}/domain/x.ts`;
      plant({ [file]: `// the violation is on line 2\n${source}` });
      expect(checkImports(tree)).toEqual([expect.objectContaining({ file, line: 2 })]);
    });

    it('want each package to stand in the package.json of who imports it, and no others', () => {
      const ids = { name: '@medley/ids', dependencies: { uuid: '^14.0.0' } };
      rmSync(join(tree, 'subgraphs'), { recursive: true });
      rmSync(join(tree, 'router'), { recursive: true });
      rmSync(join(tree, 'standalone'), { recursive: true });
      plant({
        'package.json': JSON.stringify({ workspaces: ['packages/*'], devDependencies: { vitest: '4' } }),
        'packages/ids/package.json': JSON.stringify(ids, null, 2),
        'packages/ids/src/index.ts': `import { v7 } from 'uuid';`,
        'packages/ids/test/x.test.ts': `import { it } from 'vitest';`,
      });
      expect(checkDependencies(tree)).toEqual([]);

      plant({ 'packages/ids/src/index.ts': `\nimport type { Pool } from 'pg'; import 'vitest';` });
      const [file, manifestFile] = ['packages/ids/src/index.ts', 'packages/ids/package.json'];
      expect(checkDependencies(tree)).toEqual([
        { file, line: 2, message: "'pg' is missing in the dependencies of @medley/ids" },
        { file, line: 2, message: "'vitest' is missing in the dependencies of @medley/ids" },
        { file: manifestFile, line: 4, message: "'uuid' is not used by @medley/ids" },
      ]);
    });

    it('keep process.env in main.ts, commands and tests', () => {
      const readsEnv = 'export const port = process.env.PORT;\n';
      plant({
        'subgraphs/catalog/src/config.ts': readsEnv,
        'packages/ids/src/index.ts': "import { env } from 'node:process';\n\nexport const port = env.PORT;\n",
        'standalone/src/app.ts': readsEnv,
        'subgraphs/catalog/src/main.ts': readsEnv,
        'standalone/src/commands/token.ts': readsEnv,
        'subgraphs/catalog/test/x.test.ts': readsEnv,
      });
      cpSync(join(root, 'biome.json'), join(tree, 'biome.json'));
      expect(filesWithProcessEnv(tree)).toEqual([
        'packages/ids/src/index.ts',
        'standalone/src/app.ts',
        'subgraphs/catalog/src/config.ts',
      ]);
    });
  });
});

function manifest(folder: string, name: string, exports: Record<string, string>): Record<string, string> {
  return { [`${folder}/package.json`]: JSON.stringify({ name, exports }) };
}

/** Where Biome, with the biome.json in a folder without git, finds process.env. */
function filesWithProcessEnv(folder: string): string[] {
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', '--vcs-enabled=false'];
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/biome'), args, {
    cwd: folder,
    encoding: 'utf8',
  });
  const report = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string } }[] };
  return report.diagnostics
    .filter(({ category }) => category === 'lint/style/noProcessEnv')
    .map(({ location }) => location.path)
    .sort();
}
