import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFakeGraph } from './fake-graph.ts';
import { openBody } from './open-body.ts';
import { openGreeted } from './raw-socket.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const post = (accept: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept },
  body: JSON.stringify({ query: 'subscription { ticks }' }),
});

describe('proxies that know nothing of streams', () => {
  it.each([
    ['events', 'text/event-stream', 12_000, ':\n\n'],
    ['multipart', 'multipart/mixed;subscriptionSpec=1.0', 5_000, '\r\n\r\n{}\r\n--graphql'],
  ])('see that there is life in %s', async (_, accept, everyMs, heartbeat) => {
    const graph = await startFakeGraph();
    const body = await openBody(graph.url, post(accept));
    await graph.stream(0);
    const count = () => body.text.split(heartbeat).length - 1;
    await body.until('\n');
    const before = count();
    vi.advanceTimersByTime(2 * everyMs);
    await expect.poll(() => count() - before).toBe(2);
    body.leave();
  });

  it('see that there is life in a WebSocket', async () => {
    const graph = await startFakeGraph();
    const { socket } = await openGreeted(graph.webSocketUrl);
    const pinged = once(socket, 'ping');
    vi.advanceTimersByTime(15_000);
    await pinged;
    socket.close();
  });
});
