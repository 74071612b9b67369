import { createEdge, createOrigin, startTrafficReports } from '@medley/edge';
import { createOfferedEvents, type EventLog } from '@medley/event-log';
import { edgeAccess } from '@medley/events';
import type { Logger, Metrics } from '@medley/service';
import { parseSigningKeys } from '@medley/signing-keys';
import type { StandaloneConfig } from './config.ts';
import type { Screen } from './screen.ts';
import type { Secrets } from './secrets.ts';
import type { Teardown } from './teardown.ts';

/**
 * The edge and the private origin behind it, with audio at hand for the first plays.
 * @param opened.dataDir where renderings are kept
 * @returns the URL by which clients reach the edge, and that by which this process does
 */
export async function startEmbeddedEdge(
  config: StandaloneConfig,
  opened: {
    dataDir: string;
    secrets: Pick<Secrets, 'urlSigningKeys' | 'originSecret'>;
    eventLog: EventLog;
    screen: Screen;
    logger: Logger;
    metrics: Metrics;
    teardown: Teardown;
  },
): Promise<{ url: string; localUrl: string }> {
  const { dataDir, secrets, eventLog: log, screen, logger, metrics, teardown } = opened;
  return screen.step('audio', async (progress) => {
    const origin = await createOrigin({
      dataDir,
      secret: secrets.originSecret,
      logger: logger.child({ part: 'origin' }),
      onProgress: ({ piece, done }) => progress(`${piece.name} ${Math.floor(done * 100)} %`),
    });
    teardown.add(() => origin.stop());
    const originService = await origin.start({ host: '127.0.0.1', port: 0 });
    teardown.add(() => originService.stop());
    const events = createOfferedEvents({ log, topic: edgeAccess, capacity: 1_000, logger, metrics });
    teardown.add(() => events.stop());
    const traffic = startTrafficReports({ node: 'standalone', events });
    teardown.add(async () => traffic.stop());
    const edge = await createEdge({
      keys: parseSigningKeys(secrets.urlSigningKeys),
      originUrl: originService.url,
      originSecret: secrets.originSecret,
      cacheBytes: config.EDGE_CACHE_BYTES,
      allowedOrigins: [
        `http://localhost:${config.PORT}`,
        `http://127.0.0.1:${config.PORT}`,
        ...config.CORS_ORIGINS,
      ],
      traffic,
      logger: logger.child({ part: 'edge' }),
    }).start({ host: config.HOST, port: config.EDGE_PORT });
    teardown.add(() => edge.stop());
    await origin.prepare();
    const localUrl = publicUrl(edge.url);
    return { url: config.EDGE_BASE_URL ?? localUrl, localUrl };
  });
}

/** As people on this machine write it; a service that listens on every address is reached by localhost too. */
export const publicUrl = (url: string) => url.replace(/127\.0\.0\.1|0\.0\.0\.0/, 'localhost');
