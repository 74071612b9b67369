import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { registryPackages } from '../../../scripts/bundle/registry-packages.ts';
import { sourceUrls } from '../../../scripts/bundle/source-urls.ts';

export type ProcessName = 'router-process' | 'bare-process' | 'stub-subgraphs' | 'listeners-process';

/** Starts a process of the benchmark. */
export type StartProcess = (
  name: ProcessName,
  args?: readonly string[],
  nodeOptions?: readonly string[],
) => ChildProcess;

const options = ['--expose-gc', '--enable-source-maps', '--max-semi-space-size=64'];

/** As it stands in the source; the compiler gives each function a name of its own then, which costs time and memory. */
export const startFromSource: StartProcess = (name, args = [], nodeOptions = []) =>
  fork(fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), args, {
    execArgv: ['--import', 'tsx', ...options, ...nodeOptions],
  });

/** Bundles all processes, as what is deployed is bundled. */
export async function bundleProcesses(): Promise<StartProcess> {
  const folder = fileURLToPath(new URL('../..', import.meta.url));
  const repository = fileURLToPath(new URL('../../..', import.meta.url));
  const dist = `${folder}dist`;
  const names: readonly ProcessName[] = [
    'router-process',
    'bare-process',
    'stub-subgraphs',
    'listeners-process',
  ];
  await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    plugins: [registryPackages(folder), sourceUrls(dist, repository)],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20',
      outDir: dist,
      emptyOutDir: true,
      sourcemap: true,
      minify: false,
      copyPublicDir: false,
      rolldownOptions: {
        input: Object.fromEntries(
          names.map((name) => [name, fileURLToPath(new URL(`./${name}.ts`, import.meta.url))]),
        ),
        output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  return (name, args = [], nodeOptions = []) =>
    fork(`${dist}/${name}.js`, args, { execArgv: [...options, ...nodeOptions] });
}
