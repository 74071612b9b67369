import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const guide = readFileSync(join(root, 'docs/operations.md'), 'utf8');
const sources = ['packages', 'subgraphs', 'router', 'edge', 'standalone'].flatMap((folder) =>
  filesIn(folder),
);

describe('docs/operations.md', () => {
  it('tells every environment variable that a process reads, and no other', () => {
    const documented = [...section('Environment').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
    const isRead = /readConfig\(|@medley\/config/;
    const read = sources
      .filter((source) => isRead.test(source))
      .flatMap((source) =>
        [...source.matchAll(/\b([A-Z][A-Z0-9_]+): (?![A-Z_]+[,;])/g)].map(([, name]) => name),
      );
    // PATH and HOME are the machine's: they are handed on, not read.
    const ours = read.filter((name) => name !== 'PATH' && name !== 'HOME');
    expect([...new Set(documented)].sort()).toEqual([...new Set(ours)].sort());
  });

  it('tells every metric, and no other', () => {
    const documented = [...section('Is it well?').matchAll(/^\| `([a-z_]+)/gm)].map(([, name]) => name);
    const counted = sources.flatMap((source) =>
      [...source.matchAll(/\.(?:counter|gauge|histogram)\(\s*'([a-z_]+)'/g)].map(([, name]) => name),
    );
    expect([...new Set(documented)].sort()).toEqual([...new Set(counted)].sort());
  });
});

function section(title: string): string {
  return guide.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
}

/** The sources below a folder, without generated code, bundles and tests. */
function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return ['node_modules', 'dist', 'generated', 'test', 'explorer'].includes(entry.name)
        ? []
        : filesIn(path);
    }
    return entry.name.endsWith('.ts') ? [readFileSync(join(root, path), 'utf8')] : [];
  });
}
