import { encodeId } from '@medley/ids';
import {
  type Change,
  createOutboxFeed,
  createRelayStore,
  type OutboxChange,
  type Position,
  type StateSource,
} from '@medley/outbox';
import type { AccountStatus, Tier } from '../domain/account.ts';
import type { PrismaClient } from './prisma-client.ts';

/** What others learn of accounts: id, country, tier and status, whatever else is in a row. */
export function createPrismaRelaySource(client: PrismaClient): StateSource<AccountRow> {
  return {
    feed: createOutboxFeed<Change<string, ToldAccount>>(client, 'users.outbox'),

    statesOf: (rows) =>
      rows.map(({ key, type, version, time, data: { id, country, tier, status } }) => ({
        key,
        type,
        version,
        time,
        data: { id, country, tier, status },
      })),

    async readStates(after, limit) {
      const accounts = await client.$queryRaw<(ToldAccount & { version: number })[]>`
        SELECT id, country, tier::text, status::text, version FROM users.accounts
        WHERE id > ${after ?? beforeAll}::uuid ORDER BY id LIMIT ${limit}`;
      const states = accounts.map(({ version, ...account }) => {
        const id = encodeId('user', account.id);
        return { key: id, type: 'UserChanged', version, data: { ...account, id } };
      });
      return { states, after: accounts.at(-1)?.id ?? null };
    },

    store: createRelayStore(client, 'users'),
  };
}

interface ToldAccount {
  readonly id: string;
  readonly country: string;
  readonly tier: Tier;
  readonly status: AccountStatus;
}

type AccountRow = OutboxChange<Change<string, ToldAccount>> & { readonly position: Position };

// No account has this id: RFC 9562, 5.9.
const beforeAll = '00000000-0000-0000-0000-000000000000';
