import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '@medley/event-log';
import { encodeId, newUuid } from '@medley/ids';
import { createJwksCache, createRouter, createTokenVerifier } from '@medley/router';
import { findViewerFields, readSupergraphSdl } from '@medley/schema';
import { createLogger, createMetrics, type HttpService } from '@medley/service';
import { startBackground } from '../../src/background.ts';
import { openLog } from '../../src/event-log.ts';
import { createPersonaDesk } from '../../src/personas.ts';
import { openRows } from '../../src/rows.ts';
import { readOrCreateSecrets } from '../../src/secrets.ts';
import { openSubgraphs } from '../../src/subgraphs.ts';
import { createTeardown } from '../../src/teardown.ts';
import { type Answer, quietScreen } from './start.ts';

/** The graph with several routers before the same subgraphs, without an edge, audio and an index of search. */
export interface LiveService {
  /** Of each router: `http://127.0.0.1:…`. */
  readonly routers: readonly HttpService[];
  /** Of the first router. @param token an access token; nobody asks when it is left out */
  ask(query: string, variables?: object, token?: string): Promise<Answer>;
  tokenOf(persona: string): string;
  /** An account of its own, in Germany. @param tokenSeconds how long its tokens are good: 15 minutes unless told otherwise */
  makeAccount(name: string, tokenSeconds?: number): Promise<Account>;
  stop(): Promise<void>;
}

export interface Account {
  /** `user_…` */
  readonly id: string;
  readonly name: string;
  readonly token: string;
  /** Another token, good from now on. */
  renewToken(): Promise<string>;
}

export interface LiveServiceOptions {
  /** Kept in a folder of its own when left out. */
  readonly eventLog?: EventLog;
  readonly routers?: number;
}

export async function startLiveService(options: LiveServiceOptions = {}): Promise<LiveService> {
  const logger = createLogger('test', 'silent');
  const teardown = createTeardown();
  const folder = await mkdtemp(join(tmpdir(), 'medley-live-'));
  teardown.add(() => rm(folder, { recursive: true }));
  const rows = await openRows(folder, quietScreen);
  teardown.add(() => rows.close());
  const eventLog = options.eventLog ?? (await openLog(folder, logger));
  if (!options.eventLog) teardown.add(() => eventLog.close());
  const secrets = await readOrCreateSecrets(folder);
  const personas = createPersonaDesk(rows.users, secrets.jwtSigningKeys);
  await personas.seed();
  const issued = await personas.issue();
  const metrics = createMetrics();
  const onCrash = (error: Error) => {
    throw error;
  };
  const { links, identityKeys, users, facts, recommendations } = await openSubgraphs({
    ...{ folder, rows, eventLog, secrets, personas, logger, metrics, teardown, onCrash },
    edgeUrl: 'http://localhost:4100',
    screen: quietScreen,
  });
  teardown.add(facts.start());
  teardown.add(startBackground({ rows, eventLog, logger, metrics, onCrash }));
  teardown.add(recommendations.start().stop);

  const { findKey } = createJwksCache({ fetchKeys: async () => users.jwks() as never, logger });
  const routers: HttpService[] = [];
  for (let number = 0; number < (options.routers ?? 1); number += 1) {
    const router = await createRouter({
      supergraphSdl: readSupergraphSdl(),
      viewerFields: findViewerFields(),
      ...{ links, identityKeys, logger },
      verifyCredential: createTokenVerifier({ findKey, ...personas.issuer }),
      geo: { countryOf: () => 'DE' },
      metrics: createMetrics(),
    });
    const http = await router.start({
      host: '127.0.0.1',
      port: 0,
      trustedProxies: ['127.0.0.1'],
      drainMs: 0,
    });
    teardown.add(() => http.stop());
    routers.push(http);
  }

  return {
    routers,
    async ask(query, variables = {}, token) {
      const response = await fetch(`${routers[0]?.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
    tokenOf: (name) => issued.find((persona) => persona.name === name)?.token ?? '',
    async makeAccount(name, tokenSeconds = 900) {
      const account = await rows.users.accounts.create({
        email: `${newUuid()}@example.com`,
        displayName: name,
        passwordHash: '$argon2id$nobody signs in',
        country: 'DE',
        createdAt: new Date(),
      });
      if (!account) throw new Error('an address was taken that nobody had');
      const now = new Date();
      const session = await rows.users.sessions.keep({
        id: newUuid(),
        accountId: account.id,
        device: 'test',
        // Of a refresh token that nobody has.
        ...{ familyHash: randomBytes(32), secretHash: randomBytes(32) },
        now,
        expiresAt: new Date(now.getTime() + 900_000),
      });
      const holder = { account, sessionId: session.id };
      const renewToken = async () => (await personas.tokens.issue(holder, tokenSeconds)).token;
      return { id: encodeId('user', account.id), name, token: await renewToken(), renewToken };
    },
    stop: () => teardown.run(),
  };
}
