import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import type * as playerMetrics from '../src/index.ts';

declare global {
  /** The package, in a page of `servePlayerPage`. */
  var metrics: typeof playerMetrics;
}

/** Serves an empty page of an origin of its own, as a player is, whose scripts find the package as `metrics`. */
export async function servePlayerPage(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const script = await bundle();
  const server = createServer((request, response) => {
    if (request.url === '/metrics.js') response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html').end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const page = `<!doctype html><meta charset="utf-8"><title>player</title>
<link rel="icon" href="data:,"><script src="/metrics.js"></script>`;

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const [built] = (await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'metrics' } },
  })) as Rolldown.RolldownOutput[];
  if (!built) throw new Error('vite built nothing');
  return built.output[0].code;
}
