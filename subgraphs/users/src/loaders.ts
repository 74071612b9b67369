import DataLoader from 'dataloader';
import type { Account, AccountRepository } from './domain/account.ts';
import type { Clock } from './domain/clock.ts';
import type { Session, SessionRepository } from './domain/session.ts';

/** The DataLoaders of one request; keys are UUIDs. */
export function createLoaders({
  accounts,
  sessions,
  clock,
}: {
  accounts: AccountRepository;
  sessions: SessionRepository;
  clock: Clock;
}) {
  return {
    account: new DataLoader<string, Account | null>(async (ids) => byId(ids, await accounts.findByIds(ids))),
    session: new DataLoader<string, Session | null>(async (ids) => byId(ids, await sessions.findByIds(ids))),
    /** By account. Not cached: within one operation a mutation may end some. */
    aliveSessions: new DataLoader<string, Session[]>(
      async (accountIds) => {
        const alive = await sessions.findAlive(accountIds, clock());
        return accountIds.map((id) => alive.filter(({ accountId }) => accountId === id));
      },
      { cache: false },
    ),
  };
}
export type Loaders = ReturnType<typeof createLoaders>;

function byId<Row extends { id: string }>(ids: readonly string[], rows: readonly Row[]): (Row | null)[] {
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id) ?? null);
}
