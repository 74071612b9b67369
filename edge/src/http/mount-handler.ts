import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/**
 * Hands every request under those paths to a plain handler, whatever its method, before its body is looked at.
 * Streams of bytes with headers of their own have no use for the rest of a framework.
 */
export function mountHandler(
  app: FastifyInstance,
  urls: readonly string[],
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): void {
  for (const url of urls) {
    app.route({
      method: app.supportedMethods,
      url,
      exposeHeadRoute: false,
      onRequest: async (request, reply) => {
        reply.hijack();
        await handle(request.raw, reply.raw);
      },
      handler: () => {},
    });
  }
}
