import { readOperations } from '@medley/schema';
import Fastify from 'fastify';
import { exampleAddresses } from '../../src/explorer/example-addresses.ts';
import { explorerRoutes } from '../../src/explorer/explorer-routes.ts';
import { createStubGraph } from './stub-graph.ts';
import { createStubStreams } from './stub-streams.ts';

/**
 * The pages beside a made-up graph and a made-up edge, on ports of their own.
 * @param distFolder what `vite build` wrote
 */
export async function serveExplorer(distFolder: string) {
  const edge = Fastify();
  edge.get('/images/v1/:id/:size', (_request, reply) => reply.type('image/svg+xml').send(picture));
  let pagesMayRead = true;
  edge.get('/audio/v1/:id/:file', ({ headers }, reply) => {
    if (pagesMayRead) reply.header('access-control-allow-origin', headers.origin);
    return reply.type('audio/wav').send(secondOfSound());
  });
  const edgeOrigin = await edge.listen({ host: '127.0.0.1', port: 0 });

  const app = Fastify({ forceCloseConnections: true });
  const streams = createStubStreams();
  const askGraph = createStubGraph(edgeOrigin, streams.edit);
  app.post('/graphql', async (request, reply) => {
    const { body, headers } = request;
    if (headers.accept === 'text/event-stream') return streams.answer(request, reply);
    return askGraph({
      ...(body as { query: string }),
      authorization: headers.authorization,
      forwardedFor: headers['x-forwarded-for'] as string | undefined,
    });
  });
  await app.register(
    explorerRoutes({
      distFolder,
      graphqlPath: '/graphql',
      edgeOrigin,
      operations: readOperations(),
      variables: {
        Track: { id: 'track_00000000000000000000000000' },
        PlaylistChanged: { id: 'playlist_00000000000000000000000000' },
      },
      personas: () =>
        ['free-de', 'premium-us', 'premium-br', 'clean-us', 'analyst', 'admin'].map((name) => ({
          name,
          description: `Who ${name} is`,
          token: `token of ${name}`,
        })),
      addresses: exampleAddresses,
    }),
  );
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    origin,
    edgeOrigin,
    streams,
    /** As an edge that does not know the page: it plays, and shows scripts nothing. */
    refusePagesToRead: () => {
      pagesMayRead = false;
    },
    stop: async () => {
      await Promise.all([app.close(), edge.close()]);
    },
  };
}

const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300">
  <rect width="300" height="300" fill="#3d2b6b"/><circle cx="190" cy="180" r="120" fill="#d6457f"/>
  <circle cx="90" cy="110" r="60" fill="#ff8a3d"/>
</svg>`;

// RIFF/WAVE, PCM, 8 bits, mono, 8 kHz: a header of 44 bytes and 8,000 samples of a tone.
function secondOfSound(): Buffer {
  const samples = Buffer.from(Array.from({ length: 8_000 }, (_, t) => 128 + 60 * Math.sin(t / 3)));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(8_000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
