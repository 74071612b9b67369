import { findViewerFields } from '@medley/schema';
import { createMetrics } from '@medley/service';
import type { LiveSubgraphLink, SubgraphLink } from '@medley/subgraph-link';
import { afterAll } from 'vitest';
import type { OperationResponse, RouterOptions } from '../../src/app.ts';
import type { ClientStream, SubscriptionHandler } from '../../src/subscriptions/subscription-handler.ts';
import { createStubs, createTestRouter } from '../stub-subgraphs.ts';
import { createPushingLink } from './pushing-link.ts';

/**
 * A router over stubs whose playlists, streaming and analytics push what a test says.
 * @param users stands in for the subgraph of this name
 */
export async function openLiveRouter(options: Partial<RouterOptions> = {}, users?: LiveSubgraphLink) {
  const stubs = await createStubs();
  const pushing = (link: SubgraphLink) => createPushingLink(link);
  const links = {
    ...stubs.links,
    ...(users && { users }),
    playlists: pushing(stubs.links.playlists),
    streaming: pushing(stubs.links.streaming),
    analytics: pushing(stubs.links.analytics),
  };
  const metrics = createMetrics();
  const router = await createTestRouter({ links, metrics, viewerFields: findViewerFields(), ...options });
  const { subscriptions } = router;
  if (!subscriptions) throw new Error('the graph has subscriptions');
  afterAll(async () => {
    await router.stop();
    await stubs.stop();
  });
  return {
    stubs,
    links,
    router,
    subscriptions,
    open: opener(subscriptions),
    /** The value of a metric, its labels as they are written. */
    async readMetric(line: string): Promise<number> {
      const text = await metrics.registry.metrics();
      const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
      return Number(found?.slice(line.length + 1) ?? 0);
    },
  };
}

export interface OpenOptions {
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly token?: string;
  readonly address?: string;
  readonly requestId?: string;
}

export interface TestClient extends ClientStream {
  /** The next result; undefined when there is none any more. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of all shapes
  next(): Promise<any>;
}

function opener(subscriptions: SubscriptionHandler) {
  return async (query: string, options: OpenOptions = {}): Promise<TestClient> => {
    const opened = await openAny(subscriptions, query, options);
    if ('refused' in opened) throw new Error(`refused: ${opened.refused.body}`);
    return toTestClient(opened.stream);
  };
}

export function toTestClient(stream: ClientStream): TestClient {
  const iterator = stream.results[Symbol.asyncIterator]();
  return {
    results: stream.results,
    get ended() {
      return stream.ended;
    },
    close: () => stream.close(),
    async next() {
      const { value } = await iterator.next();
      return value && JSON.parse(value.text);
    },
  };
}

export const openAny = (
  subscriptions: SubscriptionHandler,
  query: string,
  { variables, operationName, token, address, requestId = 'request-1' }: OpenOptions = {},
) =>
  subscriptions.open(
    {
      body: { query, variables, operationName },
      authorization: token && `Bearer ${token}`,
      address,
      requestId,
    },
    'websocket',
  );

export async function refusalOf(
  subscriptions: SubscriptionHandler,
  query: string,
  options?: OpenOptions,
): Promise<OperationResponse> {
  const opened = await openAny(subscriptions, query, options);
  if ('stream' in opened) throw new Error('it was not refused');
  return opened.refused;
}
