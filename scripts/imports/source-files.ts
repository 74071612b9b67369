import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';

const skipped = new Set(['node_modules', 'dist', 'generated', 'coverage']);

/** Every TypeScript source below `root`, from there; without generated ones. */
export function sourceFiles(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory())
      return skipped.has(entry.name) || entry.name.startsWith('.') ? [] : sourceFiles(root, path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
