import { existsSync, realpathSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Leaves registry packages out of the bundle: they bring WASM and native parts that they look for beside their own
 * files. The exception is a version that npm could not hoist: from `dist/` its name would find another version, so
 * it is bundled.
 * @param workspaceFolder where `dist/` will stand
 */
export function registryPackages(workspaceFolder: string): Plugin {
  return {
    name: 'medley:registry-packages',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!importer || source.startsWith('.') || source.startsWith('/') || source.startsWith('\0'))
        return null;
      if (source.startsWith('node:')) return { id: source, external: true };
      if (builtinModules.includes(source)) return { id: `node:${source}`, external: true };
      const name = source.split('/', source.startsWith('@') ? 2 : 1).join('/');
      if (name.startsWith('@medley/')) return null;
      const fromImporter = findPackage(name, dirname(importer));
      if (!fromImporter) throw new Error(`${importer} imports ${source}, which is not installed`);
      return fromImporter === findPackage(name, workspaceFolder) ? { id: source, external: true } : null;
    },
  };
}

/** The real folder of an installed package as Node would find it from a folder. */
function findPackage(name: string, folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if (existsSync(candidate)) return realpathSync(candidate);
    if (dirname(at) === at) return undefined;
  }
}
