import { createWarming, startWarmingSchedule, type Warming } from '@medley/edge';
import type { Logger, Metrics } from '@medley/service';
import { createServiceCaller } from '@medley/service-caller';
import { parseSigningKeys } from '@medley/signing-keys';
import type { SubgraphLink } from '@medley/subgraph-link';
import type { StandaloneConfig } from './config.ts';
import type { Secrets } from './secrets.ts';
import type { Teardown } from './teardown.ts';

const hourMs = 3_600_000;
/** By then who has just started the service has looked around: what was never played is rendered first, which takes the processor. */
const firstAfterMs = 600_000;

/** Warms the edge of this process with what is played most: every hour, and when somebody asks for it. */
export function openEdgeWarming(
  config: Pick<StandaloneConfig, 'EDGE_CACHE_BYTES'>,
  opened: {
    /** The edge as this process reaches it. */
    edgeUrl: string;
    analytics: SubgraphLink;
    secrets: Pick<Secrets, 'urlSigningKeys' | 'serviceKeys'>;
    logger: Logger;
    metrics: Metrics;
    teardown: Teardown;
  },
): Warming {
  const { edgeUrl, analytics: link, secrets, logger, metrics, teardown } = opened;
  const analytics = createServiceCaller({
    service: 'edge',
    subgraph: 'analytics',
    link,
    keys: parseSigningKeys(secrets.serviceKeys.analytics),
  });
  const warming = createWarming({
    analytics,
    edgeUrls: [edgeUrl],
    keys: parseSigningKeys(secrets.urlSigningKeys),
    terms: {
      share: 0.01,
      minTracks: 20,
      qualities: ['NORMAL'],
      // The other half is for what people are playing.
      budgetBytes: Math.floor(config.EDGE_CACHE_BYTES / 2),
      bytesPerSecond: 16_000_000,
      // The origin renders what was never asked for, in the same machine: whoever listens must not wait for many of these.
      concurrency: 1,
    },
    metrics,
  });
  const schedule = startWarmingSchedule({ warming, everyMs: hourMs, firstAfterMs, logger });
  teardown.add(() => schedule.stop());
  return warming;
}
