import { identityHeader } from '@medley/identity';
import { type HttpService, type HttpServiceOptions, startHttpService } from '@medley/service';
import { writeEventStream } from './event-stream.ts';
import type { Subgraph, SubgraphResponse } from './subgraph.ts';

/** Serves a subgraph over HTTP at `/graphql`, subscriptions as server-sent events, with health, readiness and metrics beside it. */
export async function startSubgraph(
  subgraph: Subgraph,
  options: Omit<HttpServiceOptions, 'routes'> & Partial<Pick<HttpServiceOptions, 'routes'>>,
): Promise<HttpService> {
  const requests = options.metrics.histogram(
    'medley_subgraph_request_seconds',
    'How long the subgraph took to answer, by status.',
    ['subgraph', 'status'],
  );
  const streams = options.metrics.gauge('medley_subgraph_streams', 'Subscriptions that are open.', [
    'subgraph',
  ]);
  const service = await startHttpService({
    ...options,
    // They would go on for ever; who listens begins them again elsewhere.
    async drain() {
      subgraph.stopSubscriptions();
      await options.drain?.();
    },
    async routes(app) {
      app.removeContentTypeParser('application/json');
      // The identity is bound to the exact text, so it is verified before anybody parses it.
      app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
        done(null, body),
      );
      app.post('/graphql', async (request, reply) => {
        const observe = requests.startTimer({ subgraph: subgraph.name });
        const header = request.headers[identityHeader];
        const signed = {
          body: request.body as string,
          identity: Array.isArray(header) ? undefined : header,
        };
        const respond = (response: SubgraphResponse) => {
          observe({ status: response.status });
          if (response.cacheControl) reply.header('cache-control', response.cacheControl);
          return reply.code(response.status).type('application/json').send(response.body);
        };
        if (!request.headers.accept?.includes('text/event-stream')) {
          return respond(await subgraph.execute(signed));
        }
        const left = new AbortController();
        reply.raw.once('close', () => left.abort());
        if (reply.raw.destroyed) left.abort();
        const answer = await subgraph.subscribe({ ...signed, signal: left.signal });
        if ('status' in answer) return respond(answer);
        observe({ status: 200 });
        reply.hijack();
        streams.inc({ subgraph: subgraph.name });
        await writeEventStream(reply.raw, answer.events, left.signal).finally(() =>
          streams.dec({ subgraph: subgraph.name }),
        );
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
