import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { registryPackages } from './bundle/registry-packages.ts';
import { sourceUrls } from './bundle/source-urls.ts';

/**
 * How every deployable is bundled: `vite build --config <this>` in its folder writes `dist/main.js` from `src/main.ts`,
 * `dist/<name>.js` from each `src/commands/<name>.ts` and each `<name>-process.ts` wherever it is in `src`, and
 * `dist/<worker>.js` from each worker that any of them names. Workspaces (`@medley/*`) are bundled in, registry packages
 * are not.
 */
const folder = process.cwd();
const dist = join(folder, 'dist');

export default defineConfig({
  root: folder,
  logLevel: 'warn',
  plugins: [registryPackages(folder), sourceUrls(dist, fileURLToPath(new URL('..', import.meta.url)))],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: 'node20',
    outDir: dist,
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    copyPublicDir: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: entries(),
      output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});

function entries(): Record<string, string> {
  const source = join(folder, 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const isEntry = /^(main|commands\/[^/]+|.*-process)\.ts$/;
  return Object.fromEntries(
    files.filter((file) => isEntry.test(file)).map((file) => [basename(file, '.ts'), join(source, file)]),
  );
}
