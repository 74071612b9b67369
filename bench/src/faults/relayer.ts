import { setTimeout } from 'node:timers/promises';
import { openPostgres } from '@medley/database';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { usersChanged } from '@medley/events';
import { newUuid } from '@medley/ids';
import { createLogger, createMetrics } from '@medley/service';
import { startRelays } from '@medley/users';
import { openRepositories } from '@medley/users/adapters/prisma-repositories';
import { readSetting, untilTerminated } from './setting.ts';

/** Writers that make accounts and change their tier again and again, and the relay that tells the log. */
const { brokers, usersUrl } = readSetting();
const terminated = untilTerminated();
const [logger, metrics] = [createLogger('relayer', 'error'), createMetrics()];
const database = openPostgres({ url: usersUrl, poolSize: 6, onIdleError() {} });
const { accounts, relayed, close } = openRepositories(database);
const log = createKafkaEventLog({ brokers, clientId: 'faults-relayer', logger, metrics });
// A predecessor that was killed may hold its lock until the server has noticed.
const relay = startRelays({ ...relayed, log, logger, metrics, standbyMs: 200 });

await Promise.all(Array.from({ length: 3 }, write));
while (await isBehind()) await setTimeout(100);
await relay.stop();
await close();
await Promise.all([database.close(), log.close()]);
process.exit(0);

async function write(): Promise<void> {
  while (!terminated.aborted) {
    const account = await accounts.create({
      email: `${newUuid()}@medley.example`,
      displayName: 'Somebody',
      // Of no password: nobody signs in.
      passwordHash: `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
      country: 'DE',
      createdAt: new Date(),
    });
    for (let change = 0; account && change < 10 && !terminated.aborted; change++) {
      await accounts.update(account.id, { tier: change % 2 === 0 ? 'PREMIUM' : 'FREE' });
      await setTimeout(15);
    }
  }
}

/** Whether something was committed that the log was not told, by this relay or another. */
async function isBehind(): Promise<boolean> {
  const { store, feed } = relayed.accounts;
  return (await feed.countSince(await store.readPosition(usersChanged.name), 1)) > 0;
}
