import { host, httpUrl, list, logLevel, port } from '@medley/config';
import { z } from 'zod';

/** The environment of the standalone service. Nothing of it is required. */
export const standaloneConfig = {
  /** Where the graph, the explorer and the landing page are. */
  PORT: port(4000),
  /** Where audio and pictures are. */
  EDGE_PORT: port(4100),
  HOST: host,
  /** The edge as listeners reach it, where that is not this machine by its own name. */
  EDGE_BASE_URL: httpUrl.optional(),
  /** Everything that must survive a restart; relative to where the service is started. */
  DATA_DIR: z.string().default('.medley'),
  /** `warn` shows what an operator should see and leaves the screen to the addresses. */
  LOG_LEVEL: logLevel.default('warn'),
  /** Web pages that may call the graph and the edge from a browser, beside those that this service serves. */
  CORS_ORIGINS: list,
  /** Whose `X-Forwarded-For` counts: the loopback, so that anybody can try how the service looks from elsewhere. */
  TRUSTED_PROXIES: list.default(['127.0.0.0/8', '::1/128']),
  /** How much of the audio the edge keeps in memory, in bytes. */
  EDGE_CACHE_BYTES: z.coerce
    .number({ error: 'must be a number of bytes' })
    .int()
    .positive()
    .default(134_217_728),
  /** Whether a new data folder begins with a week of listening by invented people. */
  SAMPLE_LISTENING: z.enum(['on', 'off']).default('on'),
};
export type StandaloneConfig = z.output<z.ZodObject<typeof standaloneConfig>>;

/** Whether only this machine can reach what listens there. */
export const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');
