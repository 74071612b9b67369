import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEdge } from '@medley/edge';
import { SLICE_BYTES } from '@medley/edge/cache/slice-cache';
import { createLogger } from '@medley/service';
import { parseSigningKeys } from '@medley/signing-keys';

/** What the process is to be: the embedded edge, or a bare Node server of the same bytes when there are no settings. */
export interface EdgeProcessSettings {
  readonly edge: {
    readonly signingKeys: string;
    readonly originUrl: string;
    readonly originSecret: string;
    readonly cacheBytes: number;
  } | null;
}

// Nobody is left to stop it.
process.on('disconnect', () => process.exit(0));
process.once('message', async ({ edge }: EdgeProcessSettings) => {
  process.send?.({ url: edge ? await startEdge(edge) : await startBareServer() });
});

async function startEdge(settings: NonNullable<EdgeProcessSettings['edge']>): Promise<string> {
  const { signingKeys, ...rest } = settings;
  const edge = createEdge({
    ...rest,
    keys: parseSigningKeys(signingKeys),
    logger: createLogger('edge', 'silent'),
  });
  return (await edge.start({ host: '127.0.0.1', port: 0 })).url;
}

/** One slice for every request: nothing is checked, looked up or counted. */
async function startBareServer(): Promise<string> {
  const slice = Buffer.alloc(SLICE_BYTES, 1);
  const server = createServer((_, response) => {
    response.writeHead(206, { 'content-type': 'audio/ogg', 'content-length': slice.length }).end(slice);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
