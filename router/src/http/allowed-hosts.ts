import type { FastifyInstance } from 'fastify';

/**
 * Answers 421 to requests that were sent to another name. A service on the loopback needs it: a page of any site can
 * make its own name point here (DNS rebinding), and the browser then takes us for that site.
 * @param hosts names and addresses without a port, such as `localhost` and `[::1]`
 */
export function allowHosts(app: FastifyInstance, hosts: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    // Not Fastify's `request.host`, which believes the forwarding headers of trusted proxies.
    const name = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (!hosts.includes(name))
      return reply.code(421).send({ message: 'this service does not answer to that name' });
  });
}
