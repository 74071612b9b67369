import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '@medley/event-log';
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
  /** An account of its own, in Germany. */
  signUp(name: string): Promise<Account>;
  stop(): Promise<void>;
}

export interface Account {
  /** `user_…` */
  readonly id: string;
  readonly name: string;
  /** Good for 15 minutes. */
  readonly token: string;
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

  let accounts = 0;
  async function ask(query: string, variables: object = {}, token?: string, from = '192.0.2.1') {
    const response = await fetch(`${routers[0]?.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': from,
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  }

  return {
    routers,
    ask: (query, variables, token) => ask(query, variables, token),
    tokenOf: (name) => issued.find((persona) => persona.name === name)?.token ?? '',
    async signUp(name) {
      accounts += 1;
      const input = {
        email: `listener-${accounts}@example.com`,
        password: `a password of listener ${accounts}`,
        displayName: name,
        country: 'DE',
      };
      // RFC 5737: for documentation; so many from one address are throttled.
      const { data } = await ask(signUp, { input }, undefined, `192.0.2.${accounts + 1}`);
      const { tokens, viewer, userErrors } = data.viewerSignUp;
      if (!tokens) throw new Error(JSON.stringify(userErrors));
      return { id: viewer.user.id, name, token: tokens.accessToken };
    },
    stop: () => teardown.run(),
  };
}

const signUp = `mutation ($input: ViewerSignUpInput!) {
  viewerSignUp(input: $input) { tokens { accessToken } viewer { user { id } } userErrors { message } }
}`;
