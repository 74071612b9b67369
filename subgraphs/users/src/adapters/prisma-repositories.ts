import type { Database, TryHold } from '@medley/database';
import type { StateSource } from '@medley/outbox';
import type { AccountRepository } from '../domain/account.ts';
import type { SessionRepository } from '../domain/session.ts';
import { createPrismaAccountRepository } from './prisma-account-repository.ts';
import { openPrismaClient } from './prisma-client.ts';
import { createPrismaRelaySource } from './prisma-relay-source.ts';
import { createPrismaSessionRepository } from './prisma-session-repository.ts';

/** All that users keeps. */
export interface Repositories {
  readonly accounts: AccountRepository;
  readonly sessions: SessionRepository;
  /** What the relay puts into users.changed. */
  readonly relayed: { readonly accounts: StateSource; readonly tryHold: TryHold };
  /** @throws when the database does not answer */
  ping(): Promise<void>;
  /** The database itself stays open. */
  close(): Promise<void>;
}

export function openRepositories(database: Database): Repositories {
  const client = openPrismaClient(database);
  return {
    accounts: createPrismaAccountRepository(client),
    sessions: createPrismaSessionRepository(client),
    relayed: { accounts: createPrismaRelaySource(client), tryHold: database.tryHold },
    async ping() {
      await client.$queryRaw`SELECT 1`;
    },
    close: () => client.$disconnect(),
  };
}
