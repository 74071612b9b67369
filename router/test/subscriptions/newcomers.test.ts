import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ClientQueue } from '../../src/subscriptions/client-queue.ts';
import type { StreamSource, Subscriber } from '../../src/subscriptions/shared-stream.ts';
import { createSharedStreams } from '../../src/subscriptions/shared-streams.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const clock = () => performance.now();

/** A source whose state never changes: each stream of it tells one event, and then nothing. */
function createStillSource(completionMs: number) {
  let begun = 0;
  const source: StreamSource = {
    key: 'still',
    async open(_after, signal) {
      begun += 1;
      await wait(20);
      async function* events() {
        yield { result: { data: {} }, cursor: 'here', replaces: false };
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return [];
      }
      return { events: events() };
    },
    async complete() {
      await wait(completionMs);
      return { value: {}, text: '{}' };
    },
    mask: () => [],
  };
  return { source, begun: () => begun };
}

function createSubscriber(onResult: () => void): Subscriber {
  const queue = new ClientQueue({ limit: 64, clock, onTaken: onResult, onEnd() {} });
  const takeAll = async () => {
    for await (const _ of queue.results);
  };
  void takeAll();
  return { queue, stream: undefined, onStreamEnd() {} };
}

it.each([
  ['fast', 5, 300, 5],
  ['slow', 2_000, 300, 25],
])(
  'ten thousand who come within half a minute have some ten streams a second begun, and end on one: completions are %s',
  async (_, completionMs, mostBegun, mostAtOnce) => {
    let atOnce = 0;
    let running = 0;
    let told = 0;
    const streams = createSharedStreams({
      maxAgeMs: 100,
      clock,
      onCount(count) {
        running = count;
        atOnce = Math.max(atOnce, count);
      },
    });
    const { source, begun } = createStillSource(completionMs);
    for (let newcomer = 0; newcomer < 10_000; newcomer++) {
      void streams.join(
        source,
        undefined,
        createSubscriber(() => {
          told += 1;
        }),
      );
      await vi.advanceTimersByTimeAsync(3);
    }
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toBe(10_000);
    expect(begun()).toBeLessThan(mostBegun);
    expect(atOnce).toBeLessThan(mostAtOnce);
    expect(running).toBe(1);
  },
);
