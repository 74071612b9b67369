import { MedleyError } from '@medley/errors';
import type { FastifyInstance } from 'fastify';
import type { JSONWebKeySet } from 'jose';

/** `GET /.well-known/jwks.json`: the public keys of access tokens. */
export function jwksRoute(app: FastifyInstance, readJwks: () => Promise<JSONWebKeySet>): void {
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    try {
      const keys = await readJwks();
      return await reply.header('cache-control', 'public, max-age=300').send(keys);
    } catch (error) {
      if (!(error instanceof MedleyError)) throw error;
      return reply.code(503).send({ error: error.message });
    }
  });
}
