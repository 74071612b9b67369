import { unauthenticated } from '@medley/errors';
import type { ClaimName, IdentityVerifier } from '@medley/identity';
import { decodeId } from '@medley/ids';
import type { Logger } from '@medley/service';
import { createSubgraph, type RequestInfo, requireSignedIn, type Subgraph } from '@medley/subgraph';
import { createBackground } from './background.ts';
import type { Context } from './context.ts';
import type { AccessTokens } from './domain/access-tokens.ts';
import type { AccountRepository } from './domain/account.ts';
import type { Mail } from './domain/mail.ts';
import type { PasswordHasher } from './domain/password-hasher.ts';
import type { SessionRepository } from './domain/session.ts';
import type { Throttle } from './domain/throttle.ts';
import { decideViewer, type Viewer } from './domain/viewer.ts';
import { createLoaders, type Loaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';
import { noteInLog } from './security-log.ts';
import { createUseCases } from './use-cases.ts';

export { issuePersonaTokens, type PersonaToken, personaUserId, seedPersonas } from './personas.ts';
export { republishUsers, startRelays, type UsersRelayDependencies } from './relays.ts';

/** The claims that this subgraph reads. */
export const reads: readonly ClaimName[] = ['actor', 'clientAddress'];

export interface AppDependencies {
  readonly accounts: AccountRepository;
  readonly sessions: SessionRepository;
  readonly passwords: PasswordHasher;
  /** Access tokens, and the public keys that verify them. */
  readonly tokens: AccessTokens & { jwks(): unknown };
  readonly throttle: Throttle;
  readonly mail: Mail;
  readonly identity: IdentityVerifier;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface UsersApp extends Subgraph {
  /** The body of `/.well-known/jwks.json`: a JWK Set. */
  jwks(): unknown;
  /** When the work is done that answers did not wait for, such as mails. `stop` waits for it too. */
  settled(): Promise<void>;
}

/** The users subgraph, without a transport. */
export async function createApp(dependencies: AppDependencies): Promise<UsersApp> {
  const { accounts, sessions, identity, logger, tokens } = dependencies;
  const now = dependencies.clock ?? Date.now;
  const clock = () => new Date(now());
  const background = createBackground(logger);
  const useCases = createUseCases({
    ...dependencies,
    clock,
    note: noteInLog(logger),
    later: background.start,
  });
  const subgraph = await createSubgraph<Context>({
    name: 'users',
    resolvers,
    identity,
    logger,
    createContext(request) {
      const loaders = createLoaders({ accounts, sessions, clock });
      return {
        request,
        loaders,
        useCases,
        findPlaybackFacts: accounts.findPlaybackFacts,
        findChangedAccounts: accounts.findChanged,
        requireViewer: () => findViewer(request, loaders, clock()),
      };
    },
  });
  return {
    ...subgraph,
    jwks: tokens.jwks,
    settled: background.settled,
    async stop() {
      await subgraph.stop();
      await background.settled();
    },
  };
}

async function findViewer(request: RequestInfo, loaders: Loaders, now: Date): Promise<Viewer> {
  const actor = requireSignedIn(request);
  const claimed = { accountId: decodeId(actor.id, 'user'), sessionId: decodeId(actor.sessionId, 'session') };
  const [session, account] = await Promise.all([
    loaders.session.load(claimed.sessionId),
    loaders.account.load(claimed.accountId),
  ]);
  const viewer = decideViewer(claimed, session, account, now);
  if (!viewer) throw unauthenticated('This session has ended: sign in again.');
  return viewer;
}
