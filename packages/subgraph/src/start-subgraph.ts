import { identityHeader } from '@medley/identity';
import { type HttpService, type HttpServiceOptions, startHttpService } from '@medley/service';
import type { Subgraph } from './subgraph.ts';

/** Serves a subgraph over HTTP at `/graphql`, with health, readiness and metrics beside it. */
export async function startSubgraph(
  subgraph: Subgraph,
  options: Omit<HttpServiceOptions, 'routes'> & Partial<Pick<HttpServiceOptions, 'routes'>>,
): Promise<HttpService> {
  const requests = options.metrics.histogram(
    'medley_subgraph_request_seconds',
    'How long the subgraph took to answer, by status.',
    ['subgraph', 'status'],
  );
  const service = await startHttpService({
    ...options,
    async routes(app) {
      app.removeContentTypeParser('application/json');
      // The identity is bound to the exact text, so it is verified before anybody parses it.
      app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
        done(null, body),
      );
      app.post('/graphql', async (request, reply) => {
        const observe = requests.startTimer({ subgraph: subgraph.name });
        const header = request.headers[identityHeader];
        const response = await subgraph.execute({
          body: request.body as string,
          identity: Array.isArray(header) ? undefined : header,
        });
        observe({ status: response.status });
        if (response.cacheControl) reply.header('cache-control', response.cacheControl);
        return reply.code(response.status).type('application/json').send(response.body);
      });
      await options.routes?.(app);
    },
  });
  return {
    url: service.url,
    async stop() {
      await service.stop();
      await subgraph.stop();
    },
  };
}
