import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { silentLogger } from '@medley/testing';
import { openEmptyPglite } from '@medley/testing/empty-pglite';
import { toSql } from '@medley/testing/scratch-databases';
import { it } from 'vitest';
import { countEachOnce } from './counted-once.ts';

it('counts each event once on embedded parts, however often it is sent, while members come and go', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'counted-once-'));
  const log = await openEmbeddedEventLog({ folder, logger: silentLogger });
  const pglite = await openEmptyPglite();
  try {
    await countEachOnce({
      connect: async () => log,
      sql: toSql((sql, parameters) => pglite.query(sql, parameters)),
      transact: (work) =>
        pglite.transaction((transaction) =>
          work(toSql((sql, parameters) => transaction.query(sql, parameters))),
        ),
    });
  } finally {
    await log.close();
    await pglite.close();
    await rm(folder, { recursive: true });
  }
}, 300_000);
