/** A relay of things in a process of its own, to be killed. Arguments: the URL of the database, the folder of the log. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgres } from '@medley/database';
import { openEmbeddedEventLog } from '@medley/event-log/embedded';
import { silentLogger } from '@medley/testing';
import { toSql } from '@medley/testing/scratch-databases';
import { Pool } from 'pg';
import { startStateRelay } from '../src/index.ts';
import { relayOptions } from './relay-world.ts';

const [url, folder] = process.argv.slice(2) as [string, string];
const pool = new Pool({ connectionString: url });
const log = await openEmbeddedEventLog({ folder, logger: silentLogger });
const options = relayOptions(
  { sql: toSql((sql, parameters) => pool.query(sql, parameters)), tryHold: openPostgres({ url }).tryHold },
  log,
);
const { source } = options;
startStateRelay({
  ...options,
  source: {
    ...source,
    statesOf: (rows) => source.statesOf(rows),
    readStates: (after, limit) => source.readStates(after, limit),
    store: {
      ...source.store,
      async advance(topic, from, to) {
        // Between what is published and what is noted: where the kill is to come.
        process.stdout.write('published\n');
        await sleep(15);
        return source.store.advance(topic, from, to);
      },
    },
  },
});
