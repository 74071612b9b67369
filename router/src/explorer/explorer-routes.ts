import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { type NamedOperation, withFreshValues } from '@medley/schema';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { contentSecurityPolicy } from './content-security-policy.ts';
import type { ExampleAddress } from './example-addresses.ts';
import { isLocalRequest } from './local-request.ts';

/** Somebody to sign in as by one click. */
export interface Persona {
  /** Such as `premium-us`. */
  readonly name: string;
  /** For people: who that is. */
  readonly description: string;
  /** A fresh access token. */
  readonly token: string;
}

export interface ExplorerOptions {
  /** What `npm run build -w @medley/explorer` wrote. */
  readonly distFolder: string;
  /** Where the page sends its operations, such as `/graphql`. */
  readonly graphqlPath: string;
  /** Where audio and pictures come from, such as `http://localhost:4100`. */
  readonly edgeOrigin: string;
  readonly operations: readonly NamedOperation[];
  /** Example variables by the operation's name. They replace those of `operations`, one by one. */
  readonly variables?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /**
   * Gives fresh tokens at each call. They are handed to whoever asks from this machine and to nobody else; leave it out
   * in production.
   */
  readonly personas?: () => readonly Persona[] | Promise<readonly Persona[]>;
  /** To be seen from. Only where this machine's own `X-Forwarded-For` is believed; leave it out elsewhere. */
  readonly addresses?: readonly ExampleAddress[];
}

/**
 * `/` says what Medley is, `/explorer` is GraphiQL with the named operations at hand. Everything comes from this origin.
 * When the pages are not built, both say how to build them.
 */
export function explorerRoutes(options: ExplorerOptions): FastifyPluginAsync {
  const { distFolder, graphqlPath, edgeOrigin, personas, addresses } = options;
  const operations = options.operations.map((operation) => ({
    ...operation,
    variables: { ...operation.variables, ...options.variables?.[operation.name] },
  }));

  return async (app) => {
    app.addHook('onSend', async (_request, reply) => {
      reply.headers({
        'content-security-policy': contentSecurityPolicy(edgeOrigin),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
    });

    if (!existsSync(join(distFolder, 'index.html'))) {
      for (const path of ['/', '/explorer', '/explorer/*']) app.get(path, sayHowToBuild);
      return;
    }

    await app.register(fastifyStatic, {
      root: join(distFolder, 'assets'),
      prefix: '/explorer/assets/',
      index: false,
      // Their names change with their content.
      immutable: true,
      maxAge: '365d',
      preCompressed: true,
    });
    const page = (file: string) => (_request: FastifyRequest, reply: FastifyReply) =>
      reply.sendFile(file, distFolder, { immutable: false, maxAge: 0 });
    app.get('/', page('landing.html'));
    app.get('/explorer', page('index.html'));
    app.get('/explorer/', page('index.html'));
    app.get('/explorer/icon.svg', page('icon.svg'));

    app.get('/explorer/config.json', async (request, reply) => {
      const local = isLocalRequest(request);
      return reply.header('cache-control', 'no-store').send({
        graphqlPath,
        edgeOrigin,
        personas: local && personas !== undefined,
        addresses: (local && addresses) || null,
      });
    });
    app.get('/explorer/operations.json', async (_request, reply) => {
      return reply.header('cache-control', 'no-cache').send(withFreshValues(operations));
    });
    if (personas) {
      app.get('/explorer/personas.json', async (request, reply) => {
        reply.header('cache-control', 'no-store');
        if (!isLocalRequest(request)) return reply.callNotFound();
        // By name, so that what else the giver knows of them stays here.
        return (await personas()).map(({ name, description, token }) => ({ name, description, token }));
      });
    }
  };
}

function sayHowToBuild(_request: FastifyRequest, reply: FastifyReply) {
  return reply
    .code(503)
    .header('cache-control', 'no-store')
    .type('text/plain; charset=utf-8')
    .send('The explorer is not built. Run `npm run build`, then start again.\n');
}
