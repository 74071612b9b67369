import type { HttpServiceOptions } from '@medley/service';
import type { UsersApp } from './app.ts';

/** `GET /.well-known/jwks.json`: the keys that verify access tokens. May be kept for five minutes. */
export function jwksRoute(app: Pick<UsersApp, 'jwks'>): HttpServiceOptions['routes'] {
  return (server) => {
    server.get('/.well-known/jwks.json', async (_request, reply) =>
      reply.type('application/jwk-set+json').header('cache-control', 'public, max-age=300').send(app.jwks()),
    );
  };
}
