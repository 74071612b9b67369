import { randomUUID } from 'node:crypto';
import { encodeId, newUuid } from '@medley/ids';
import { connectRedis } from '@medley/redis';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMemoryPlaybackSessions } from '../../src/adapters/memory-playback-sessions.ts';
import { createRedisPlaybackSessions } from '../../src/adapters/redis-playback-sessions.ts';
import type { PlaybackSessions } from '../../src/domain/playback-sessions.ts';

const { TEST_REDIS_URL: url } = process.env;
if (!url)
  console.info('PlaybackSessions in Redis beside those in memory: left out, as TEST_REDIS_URL is not set.');

const device = fc.constantFrom('phone', 'tv', 'laptop');
const track = fc.constantFrom('track_1', 'track_2');
/** How many claims ago it was named; some never began. */
const session = fc.nat({ max: 4 });
const positionMs = fc.nat();
const context = fc.option(fc.record({ kind: fc.constantFrom('ALBUM', 'QUEUE'), id: fc.option(fc.string()) }));

const step = fc.oneof(
  fc.record({ ask: fc.constantFrom('start', 'takeOver'), device, track, positionMs, context }),
  fc.record({
    ask: fc.constant('heartbeat'),
    session,
    track: fc.option(track),
    positionMs,
    paused: fc.boolean(),
  }),
  fc.record({ ask: fc.constant('stop'), session }),
  fc.record({ ask: fc.constantFrom('find', 'readQueue') }),
  fc.record({
    ask: fc.constant('replaceQueue'),
    device,
    tracks: fc.array(track),
    ifRevision: fc.option(fc.nat(4)),
  }),
);

describe.skipIf(!url)('playback sessions in Redis', () => {
  const client = url ? connectRedis({ url, commandTimeoutMs: 5_000, onLost() {} }) : null;
  let redis: PlaybackSessions;
  const memory = createMemoryPlaybackSessions();
  beforeAll(async () => {
    redis = createRedisPlaybackSessions({ client: client as never, prefix: `test:${randomUUID()}` });
    await vi.waitFor(() => redis.find('nobody'), { timeout: 20_000 });
  });
  afterAll(() => client?.disconnect());

  it('answer as those in memory, whatever is asked of them in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
        const account = encodeId('user', newUuid());
        const [told, expected] = [await play(redis, account, steps), await play(memory, account, steps)];
        expect(told).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});

/** What came of each step, without what depends on the time. */
async function play(sessions: PlaybackSessions, account: string, steps: readonly object[]) {
  const answers: unknown[] = [];
  let begun = 0;
  for (const told of steps) {
    // biome-ignore lint/suspicious/noExplicitAny: the parts of each kind of step
    const { ask, ...parts } = told as any;
    const by = { id: parts.device, name: null };
    const sessionId = `session_${begun - (parts.session ?? -1)}`;
    const { positionMs, paused, context, ifRevision } = parts;
    let answer: unknown;
    if (ask === 'start' || ask === 'takeOver') {
      begun += 1;
      const claim = { sessionId, device: by, trackId: parts.track, positionMs, context };
      answer = await sessions[ask as 'start'](account, claim);
    } else if (ask === 'heartbeat') {
      answer = await sessions.heartbeat(account, { sessionId, positionMs, paused, trackId: parts.track });
    } else if (ask === 'stop') answer = await sessions.stop(account, sessionId);
    else if (ask === 'replaceQueue') {
      const content = { trackIds: parts.tracks, currentIndex: null, positionMs: 0, context: null };
      answer = await sessions.replaceQueue(account, { content, device: by, ifRevision });
    } else answer = await sessions[ask as 'find'](account);
    answers.push(
      JSON.parse(JSON.stringify(answer), (key, value) => (timely.has(key) ? typeof value : value)),
    );
  }
  return answers;
}

const timely = new Set(['epoch', 'startedAt', 'expiresAt', 'updatedAt']);
