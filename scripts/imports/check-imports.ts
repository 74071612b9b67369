import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { findImports } from './find-imports.ts';
import { matchesPattern } from './patterns.ts';
import { type Room, rooms } from './rooms.ts';
import { sourceFiles } from './source-files.ts';
import type { Violation } from './violation.ts';
import { exportedFile, packageNameOf, readWorkspaces, type Workspace, workspaceOf } from './workspaces.ts';

/** Holds every import below `root` against the table in rooms.ts. Generated code is not looked at. */
export function checkImports(root: string): readonly Violation[] {
  const workspaces = readWorkspaces(root);
  return sourceFiles(root).flatMap((file) => checkFile(root, workspaces, file));
}

function checkFile(root: string, workspaces: readonly Workspace[], file: string): Violation[] {
  const own = workspaceOf(workspaces, file);
  const room = rooms.find((row) => matches(file, row.room, own));
  if (!room) return [{ file, line: 1, message: 'is in no room of scripts/imports/rooms.ts' }];

  const violations: Violation[] = [];
  const drivers = new Set<string>();
  for (const { specifier, line } of findImports(file, readFileSync(join(root, file), 'utf8'))) {
    const target = resolve(workspaces, file, specifier);
    if (target.startsWith('npm:')) drivers.add(target);
    const message =
      leavesWorkspace(workspaces, own, specifier, target) ?? notAllowed(room, own, specifier, target);
    if (message) violations.push({ file, line, message });
  }
  return [...violations, ...tooManyDrivers(file, room, drivers)];
}

/** What an import stands for: a file from the root, `npm:<package>` or `node:<module>`. */
function resolve(workspaces: readonly Workspace[], file: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  if (specifier.startsWith('node:')) return specifier;
  if (builtinModules.includes(specifier)) return `node:${specifier}`;
  const name = packageNameOf(specifier) ?? specifier;
  const workspace = workspaces.find((candidate) => candidate.name === name);
  if (!workspace) return `npm:${name}`;
  const subpath = `.${specifier.slice(name.length)}`;
  return exportedFile(workspace, subpath) ?? `${specifier} (not exported)`;
}

function leavesWorkspace(
  workspaces: readonly Workspace[],
  own: Workspace | undefined,
  specifier: string,
  target: string,
): string | undefined {
  if (!specifier.startsWith('.') || workspaceOf(workspaces, target) === own) return undefined;
  const name = workspaceOf(workspaces, target)?.name ?? 'nothing';
  return `'${specifier}' leaves the workspace: another one is imported by its name (${name}), never by a path`;
}

function notAllowed(
  room: Room,
  own: Workspace | undefined,
  specifier: string,
  target: string,
): string | undefined {
  if (room.mayImport.some((pattern) => matches(target, pattern, own))) return undefined;
  return `'${specifier}' is not for ${room.room}, which may import: ${room.mayImport.join(', ')}`;
}

function tooManyDrivers(file: string, room: Room, packages: ReadonlySet<string>): Violation[] {
  if (!room.oneDriverBeside) return [];
  const drivers = [...packages].filter((name) => !room.oneDriverBeside?.includes(name));
  if (drivers.length <= 1) return [];
  return [
    { file, line: 1, message: `has ${drivers.length} drivers, ${drivers.join(' and ')}; an adapter has one` },
  ];
}

function matches(path: string, pattern: string, own: Workspace | undefined): boolean {
  return matchesPattern(path, pattern.replace('~', own?.folder ?? '.'));
}
