import type { Metrics } from '@medley/service';
import { createServiceCaller } from '@medley/service-caller';
import { createHttpLink } from '@medley/subgraph-link';
import type { z } from 'zod';
import type { warmingConfig } from './config.ts';
import { createWarming, type Warming } from './warming.ts';

/** Warming by the environment. */
export function openWarming(
  config: z.output<z.ZodObject<Omit<typeof warmingConfig, 'PORT' | 'HOST' | 'LOG_LEVEL'>>>,
  { metrics }: { readonly metrics: Metrics },
): { readonly warming: Warming; close(): Promise<void> } {
  const link = createHttpLink({ url: config.SUBGRAPH_URL_ANALYTICS, connections: 1 });
  const analytics = createServiceCaller({
    service: 'edge',
    subgraph: 'analytics',
    link,
    keys: config.SERVICE_KEYS_ANALYTICS,
    timeoutMs: 30_000,
  });
  const warming = createWarming({
    analytics,
    edgeUrls: config.WARM_EDGE_URLS,
    keys: config.URL_SIGNING_KEYS,
    terms: {
      share: config.WARM_SHARE,
      minTracks: config.WARM_MIN_TRACKS,
      qualities: config.WARM_QUALITIES,
      budgetBytes: config.WARM_BUDGET_BYTES,
      bytesPerSecond: config.WARM_BYTES_PER_SECOND,
      concurrency: config.WARM_CONCURRENCY,
    },
    metrics,
  });
  return { warming, close: () => link.close() };
}
