import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * A worker thread that starts from source (under tsx or vitest) as it does from a bundle.
 * @param url always written in the call, `startWorker(new URL('./encoder.ts', import.meta.url))`: the bundler looks for
 *   these very words, makes the file an entry of its own and puts `./encoder.js` here
 */
export function startWorker(url: URL, options: WorkerOptions = {}): Worker {
  if (!url.pathname.endsWith('.ts')) return new Worker(url, options);
  // Node 20 runs no loader hooks of its parent in a worker, so the worker registers tsx itself.
  const tsx = import.meta.resolve('tsx/esm/api');
  const source = `import { register } from '${tsx}'; register(); await import('${url.href}');`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), options);
}
