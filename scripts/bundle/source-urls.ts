import { basename, dirname, relative, resolve } from 'node:path';
import type { Plugin } from 'vite';

const workerUrl = /\b(startWorker|Worker)\(new URL\("(\.{1,2}\/[^"]+)\.ts", import\.meta\.url\)/g;

/**
 * Lets `import.meta.url` mean in `dist/` what it means in the source:
 * - `startWorker(new URL('./encoder.ts', import.meta.url))`, the way to start a worker, makes `dist/encoder.js` an entry;
 * - otherwise it stays the URL of the source file, so that what lies beside it (SDL, SQL, assets) is found where it
 *   is. Hence `dist/` must stand in the repository's tree, also in an image.
 * @param distFolder all files of the bundle stand directly in it
 * @param repositoryFolder sources below it are treated, installed packages are not
 */
export function sourceUrls(distFolder: string, repositoryFolder: string): Plugin {
  return {
    name: 'medley:source-urls',
    transform(code, id) {
      const file = id.replace(/\?.*$/, '');
      const ours = file.startsWith(repositoryFolder) && !file.includes('/node_modules/');
      if (!ours || !code.includes('import.meta.')) return null;
      if (/import\.meta\.(dirname|filename)/.test(code))
        this.error(`${file}: take import.meta.url, which bundles`);

      const withWorkers = code.replace(workerUrl, (_, start: string, path: string) => {
        const fileName = `${basename(path)}.js`;
        this.emitFile({ type: 'chunk', id: resolve(dirname(file), `${path}.ts`), fileName });
        return `${start}(new URL("./${fileName}", import.meta.URL)`;
      });
      const source = JSON.stringify(relative(distFolder, file));
      return {
        code: withWorkers
          .replaceAll('import.meta.url', `new URL(${source}, import.meta.url).href`)
          .replaceAll('import.meta.URL', 'import.meta.url'),
        map: null,
      };
    },
  };
}
