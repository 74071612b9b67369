import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryPlaybackSessions } from '../../src/adapters/memory-playback-sessions.ts';
import {
  createPlaybackWatch,
  type PlaybackNews,
  type StatePosition,
} from '../../src/domain/watch-playback.ts';

const account = 'user_1';
const step = fc.oneof(
  fc.record({
    act: fc.constant('play' as const),
    device: fc.constantFrom('phone', 'tv'),
    track: fc.constantFrom('track_1', 'track_2'),
  }),
  fc.record({ act: fc.constant('beat' as const), positionMs: fc.nat(50_000), paused: fc.boolean() }),
  fc.record({ act: fc.constant('wait' as const), ms: fc.nat(40_000) }),
  fc.record({ act: fc.constantFrom('stop' as const, 'queue' as const, 'look' as const) }),
);

/** What somebody can see who does not look at where a track has come to. */
function seen({ session, queue }: PlaybackNews['state']) {
  const { positionMs: _, expiresAt: __, ...playing } = { positionMs: 0, expiresAt: 0, ...session };
  return { playing: session && playing, queue };
}

describe('who follows what an account plays', () => {
  it('is never shown an older state, nor one twice, and at each look the one that is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        let time = 1_000_000;
        const clock = () => time;
        const sessions = createMemoryPlaybackSessions({ clock });
        const watch = createPlaybackWatch({
          sessions,
          // Woken once, he comes again with what he was told.
          notifier: {
            notify() {},
            async *watch() {
              yield;
            },
          },
          retryWhileAway: (read) => read(),
          clock,
        });
        const { signal } = new AbortController();
        const shown: PlaybackNews[] = [];
        let sessionId = 'session_0';

        async function look() {
          const before = shown.at(-1);
          const since: StatePosition | null = before?.position ?? null;
          for await (const news of watch({ accountId: account, since, signal })) {
            expect(news.kind).toBe(before ? 'CHANGED' : 'STARTED');
            if (before) expect(orderOf(news.position)).toSatisfy(isAfter(orderOf(before.position)));
            shown.push(news);
          }
          const state = { session: await sessions.find(account), queue: await sessions.readQueue(account) };
          expect(seen((shown.at(-1) as PlaybackNews).state)).toEqual(seen(state));
        }

        const by = (id: string) => ({ id, name: null });
        for (const [number, told] of steps.entries()) {
          if (told.act === 'play') {
            const claim = { device: by(told.device), trackId: told.track, positionMs: 0, context: null };
            const asked = { ...claim, sessionId: `session_${number}` };
            sessionId = (await sessions.takeOver(account, asked)).session.id;
          } else if (told.act === 'beat') {
            const { positionMs, paused } = told;
            await sessions.heartbeat(account, { sessionId, positionMs, paused, trackId: null });
          } else if (told.act === 'stop') {
            await sessions.stop(account, sessionId);
          } else if (told.act === 'queue') {
            const content = { trackIds: ['track_1'], currentIndex: 0, positionMs: 0, context: null };
            await sessions.replaceQueue(account, { content, device: by('tv'), ifRevision: null });
          } else if (told.act === 'wait') time += told.ms;
          else await look();
        }
        await look();
      }),
      { numRuns: 300 },
    );
  });
});

/** A session that has ended comes after the same one while it played. */
const orderOf = ({ epoch, revision, playing, queueRevision }: StatePosition) => ({
  stream: epoch * 10_000 + revision * 2 + (playing ? 0 : 1),
  queue: queueRevision,
});

const isAfter =
  (before: ReturnType<typeof orderOf>) =>
  ({ stream, queue }: ReturnType<typeof orderOf>) =>
    stream >= before.stream && queue >= before.queue && (stream > before.stream || queue > before.queue);
