import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that has `node_modules`, above this file: from source and from a bundle it is another number of steps. */
export const installation = findInstallation(dirname(fileURLToPath(import.meta.url)));

function findInstallation(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', '@electric-sql'))) return folder;
    if (dirname(folder) === folder) throw new Error('no node_modules above this program: run npm ci');
  }
}
