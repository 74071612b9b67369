import { startConsumer } from '@medley/event-log';
import { allTopics, usersChanged } from '@medley/events';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestEventLog } from '@medley/testing/event-log';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { eventsDeadLetters } from '../../src/control/events-dead-letters.ts';
import { eventsReplay } from '../../src/control/events-replay.ts';

const opened = await openTestEventLog();
const eventLog = opened.log;
beforeAll(() => eventLog.admin.ensureTopics(allTopics));
afterAll(() => opened.close());

/** Runs a command; gives its result and what it showed. */
async function run(command: typeof eventsDeadLetters | typeof eventsReplay, args: object) {
  const lines: string[] = [];
  const screen = { line: (text: string) => void lines.push(text), progress() {} };
  const result = await command({ eventLog }, args, { screen, signal: new AbortController().signal });
  return { result, text: lines.join('\n') };
}

const topic = usersChanged.name;
const list = { action: 'list', topic, group: null, limit: 20 };
const replayAll = { group: 'test.users', topic, from: 'beginning', dryRun: false, follow: false };

it('shows what a group could not take and why, sends it again, and lets the group go back', async () => {
  expect((await run(eventsDeadLetters, list)).text).toBe('No dead letters.');
  await eventLog.append(topic, [{ key: 'user_1', value: Buffer.from('no event') }]);
  const consumer = startConsumer({
    log: eventLog,
    group: 'test.users',
    topics: [usersChanged],
    handle: async () => {},
    logger: silentLogger,
    metrics: createMetrics(),
    onCrash(error) {
      throw error;
    },
  });
  await vi.waitFor(
    async () => expect((await run(eventsDeadLetters, list)).result).toEqual({ letters: 1 }),
    30_000,
  );
  const { text } = await run(eventsDeadLetters, list);
  expect(text).toContain('key user_1');
  expect(text).toContain('test.users tried');
  expect(text).toContain('expected JSON');

  await expect(run(eventsReplay, replayAll)).rejects.toThrow(/stop its consumers first/);
  await consumer.stop();
  const sent = await run(eventsDeadLetters, { ...list, action: 'send' });
  expect(sent.result).toEqual({ letters: 1 });
  expect((await run(eventsDeadLetters, list)).text).toBe('No dead letters.');

  expect((await run(eventsReplay, replayAll)).result).toMatchObject({ waiting: 1 });
  const stranger = await run(eventsReplay, { ...replayAll, group: 'test.usres', dryRun: true });
  expect(stranger.text).toContain('is its name right?');
});

it('says which topics there are when it is asked for another', async () => {
  await expect(run(eventsDeadLetters, { ...list, topic: 'users.changed' })).rejects.toThrow(
    /expected one of .*users\.changed\.v1/,
  );
  await expect(run(eventsReplay, { ...replayAll, topic: 'users.changed' })).rejects.toThrow(
    'there is no topic "users.changed"',
  );
});
