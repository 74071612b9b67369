import { createRouter } from '@medley/router';
import { readSupergraphSdl } from '@medley/schema';
import { createLogger, createMetrics } from '@medley/service';
import { parseSigningKeys } from '@medley/signing-keys';
import { answerCpuQuestions, startBareServer } from '../bare-server.ts';
import { benchOperation, createRecordedLinks } from './stub-graph.ts';

/** What the parent needs to know to load it. */
export interface RouterTarget {
  readonly routerUrl: string;
  readonly bareUrl: string;
  readonly body: string;
  readonly authorization: string;
  readonly answerBytes: number;
}

/**
 * The process that is measured: the router, and beside it a bare Node server that returns the same bytes. It tells its
 * parent where they listen, and how much CPU it has used when it is asked.
 */
const keys = parseSigningKeys(`bench:${Buffer.alloc(32, 7).toString('base64url')}`);
const logger = createLogger('bench', 'error');
const router = await createRouter({
  supergraphSdl: readSupergraphSdl(),
  links: await createRecordedLinks(keys, logger),
  identityKeys: {
    analytics: keys,
    catalog: keys,
    playlists: keys,
    recommendations: keys,
    search: keys,
    streaming: keys,
    users: keys,
  },
  verifyCredential: async () => ({
    actor: { kind: 'viewer', id: 'user_00000000000000000000000001', sessionId: 'session', scopes: [] },
    country: 'DE',
    explicit: true,
  }),
  geo: { countryOf: () => null },
  logger,
  metrics: createMetrics(),
  operations: [benchOperation],
});
const service = await router.start({ host: '127.0.0.1', port: 0 });

const body = JSON.stringify({ query: benchOperation });
const authorization = 'Bearer bench';
const { body: answer, codes } = await router.execute({
  body: JSON.parse(body),
  authorization,
  address: undefined,
  requestId: 'bench',
});
if (codes.length > 0) throw new Error(`the operation does not run: ${answer}`);

answerCpuQuestions();
process.send?.({
  routerUrl: `${service.url}/graphql`,
  bareUrl: await startBareServer(answer),
  body,
  authorization,
  answerBytes: Buffer.byteLength(answer),
} satisfies RouterTarget);
