import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

export interface Workspace {
  /** `@medley/ids` */
  readonly name: string;
  /** From the repository's root, without a slash at the end: `packages/ids`. */
  readonly folder: string;
  /** The `exports` of its package.json, such as `{".": "./src/index.ts", "./*": "./src/*.ts"}`. */
  readonly exports: Readonly<Record<string, string>>;
}

/** The workspaces that the root package.json lists; a deeper folder comes before the one around it. */
export function readWorkspaces(root: string): readonly Workspace[] {
  const { workspaces = [] } = readManifest(root, '.');
  return workspaces
    .flatMap((pattern) => expand(root, pattern))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const { name, exports = {} } = readManifest(root, folder);
      return { name, folder, exports };
    })
    .sort((a, b) => b.folder.length - a.folder.length);
}

/** `@medley/ids` of `@medley/ids/x`; undefined for a path and for what Node brings. */
export function packageNameOf(specifier: string): string | undefined {
  if (/^(\.|node:)/.test(specifier) || builtinModules.includes(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The workspace a file lies in, or undefined for files of the root itself. */
export function workspaceOf(workspaces: readonly Workspace[], file: string): Workspace | undefined {
  return workspaces.find(({ folder }) => file.startsWith(`${folder}/`));
}

/**
 * The file that an export of a workspace stands for, from the repository's root.
 * @param subpath `.` or `./adapters/pglite`
 * @returns undefined when the workspace does not export it
 */
export function exportedFile({ folder, exports }: Workspace, subpath: string): string | undefined {
  for (const [key, target] of Object.entries(exports)) {
    const [before = '', after] = key.split('*');
    if (after === undefined ? key !== subpath : !subpath.startsWith(before) || !subpath.endsWith(after))
      continue;
    const star = after === undefined ? '' : subpath.slice(before.length, subpath.length - after.length);
    return `${folder}/${target.replace(/^\.\//, '').replace('*', star)}`;
  }
  return undefined;
}

function expand(root: string, pattern: string): string[] {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -2);
  if (!existsSync(join(root, parent))) return [];
  return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
}

/** What these checks read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export function readManifest(root: string, folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}
