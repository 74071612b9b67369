import { createHash } from 'node:crypto';
import type { Actor, Identity } from '@medley/identity';
import { createTestCaller, createTestVerifier, silentLogger } from '@medley/testing';
import { openTestDatabase } from '@medley/testing/database';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { createTokens } from '../src/adapters/jwt-access-tokens.ts';
import { createMemoryThrottle } from '../src/adapters/memory-throttle.ts';
import { openRepositories } from '../src/adapters/prisma-repositories.ts';
import { createSigningKeySet } from '../src/adapters/signing-key-set.ts';
import { type AppDependencies, createApp } from '../src/app.ts';
import type { PasswordHasher } from '../src/domain/password-hasher.ts';

export const issuer = 'https://medley.test';
export const audience = 'medley-test';

export interface SessionTokens {
  accessToken: string;
  accessTokenExpiresAt: string;
  refreshToken: string;
  refreshTokenExpiresAt: string;
}
export interface UserError {
  field: string[] | null;
  code: string;
  message: string;
}

/** A users subgraph on a database of its own, with a clock to turn, a mailbox to open, and hashing that is fast. */
export async function createWorld(overrides: Partial<AppDependencies> = {}) {
  const database = await openTestDatabase('users');
  const { accounts, sessions, close } = openRepositories(database);
  const time = { now: Date.parse('2026-11-23T08:00:00.000Z') };
  const clock = () => time.now;
  const mails: { to: string; displayName: string; code: string; expiresAt: Date }[] = [];
  const passwords = createFastHasher();
  const tokens = createTokens({ keys: await createSigningKeySet(), issuer, audience, clock });
  const dependencies = {
    accounts,
    sessions,
    passwords,
    tokens,
    throttle: createMemoryThrottle(),
    mail: { sendPasswordReset: async (mail: (typeof mails)[number]) => void mails.push(mail) },
    identity: createTestVerifier('users'),
    logger: silentLogger,
    clock,
    ...overrides,
  };
  const app = await createApp(dependencies);
  const { ask } = createTestCaller(app);

  /** Who the router would say asks, having verified the token by the published keys. */
  async function actorOf(accessToken: string): Promise<Actor> {
    const { payload } = await jwtVerify(accessToken, createLocalJWKSet(app.jwks() as never), {
      issuer,
      audience,
      currentDate: new Date(time.now),
    });
    const scopes = String(payload.scope).split(' ').filter(Boolean);
    return { kind: 'viewer', id: payload.sub as string, sessionId: payload.sid as string, scopes };
  }
  const as = async (accessToken: string): Promise<Partial<Identity>> => ({
    actor: await actorOf(accessToken),
  });

  let people = 0;
  return {
    ...dependencies,
    app,
    ask,
    actorOf,
    as,
    database,
    mails,
    hashing: passwords.calls,
    turn: (milliseconds: number) => {
      time.now += milliseconds;
    },
    now: clock,
    newEmail: () => `person-${++people}@example.com`,
    /** Signs somebody up and gives back what the client then has. */
    async signUp(input: Record<string, unknown> = {}) {
      const person = {
        email: `person-${++people}@example.com`,
        password: 'correct horse battery',
        displayName: 'Ada',
        country: 'DE',
        ...input,
      };
      const { data } = await ask<{
        viewerSignUp: { tokens: SessionTokens; viewer: { user: { id: string } } };
      }>(signUpMutation, { input: person }, { clientAddress: `2001:db8:${people.toString(16)}::1` });
      const { tokens: own, viewer } = data.viewerSignUp;
      return { ...person, tokens: own, id: viewer.user.id, as: await as(own.accessToken) };
    },
    async signIn(input: Record<string, unknown>, clientAddress = '192.0.2.1') {
      const { data } = await ask<{
        viewerSignIn: { tokens: SessionTokens | null; viewer: object | null; userErrors: UserError[] };
      }>(signInMutation, { input }, { clientAddress });
      return data.viewerSignIn;
    },
    async refresh(refreshToken: string) {
      const { data } = await ask<{
        sessionRefresh: { tokens: SessionTokens | null; userErrors: UserError[] };
      }>(
        `mutation ($input: SessionRefreshInput!) {
          sessionRefresh(input: $input) { tokens { ${tokenFields} } userErrors { field code message } }
        }`,
        { input: { refreshToken } },
      );
      return data.sessionRefresh;
    },
    async close() {
      await app.stop();
      await close();
      await database.close();
    },
  };
}
export type World = Awaited<ReturnType<typeof createWorld>>;

const tokenFields = 'accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt';
const signedIn = `viewer { user { id displayName } email country tier allowsExplicit sessions { id device current } }
  tokens { ${tokenFields} } userErrors { field code message }`;
export const signUpMutation = `mutation ($input: ViewerSignUpInput!) { viewerSignUp(input: $input) { ${signedIn} } }`;
const signInMutation = `mutation ($input: ViewerSignInInput!) { viewerSignIn(input: $input) { ${signedIn} } }`;

/** In the place of argon2id, which has its own tests: as good, and in no time. It counts what it is asked. */
function createFastHasher(): PasswordHasher & { calls: { hash: number; verify: (string | undefined)[] } } {
  const calls = { hash: 0, verify: [] as (string | undefined)[] };
  const hash = (password: string) => `$argon2id$test$${createHash('sha256').update(password).digest('hex')}`;
  return {
    calls,
    async hash(password) {
      calls.hash += 1;
      return hash(password);
    },
    async verify(known, password) {
      calls.verify.push(known);
      return known === hash(password);
    },
    isOutdated: () => false,
  };
}
