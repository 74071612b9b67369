import { allTopics } from '@medley/events';
import { testDatabaseKind } from '@medley/testing/database';
import { openTestEventLog } from '@medley/testing/event-log';
import { it } from 'vitest';
import { countAnew } from './counted-anew.ts';

it(`numbers that are counted anew on ${testDatabaseKind} are the same, bit for bit, whatever happens meanwhile`, async () => {
  const { log, close } = await openTestEventLog();
  try {
    await log.admin.ensureTopics(allTopics);
    await countAnew(log, 5_000);
  } finally {
    await close();
  }
}, 600_000);
