import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { WebSocketSender } from '../../../src/subscriptions/transports/websocket-sender.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A socket whose client takes what the test says. */
function openSender() {
  const waiting: (() => void)[] = [];
  const ends: unknown[] = [];
  const socket = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send(text: string, onTaken?: () => void) {
      socket.bufferedAmount += text.length;
      waiting.push(() => {
        socket.bufferedAmount -= text.length;
        onTaken?.();
      });
    },
    close(code: number) {
      socket.readyState = 2;
      ends.push(code);
    },
    terminate: () => ends.push('terminated'),
  });
  const sender = new WebSocketSender(socket as unknown as WebSocket, new PassThrough(), 30_000);
  return { sender, ends, take: () => waiting.shift()?.() };
}

const long = 'x'.repeat(65_536);

describe('what is sent to a WebSocket', () => {
  it('is not waited for while there is room, and then until the client took it', async () => {
    const { sender, take } = openSender();
    expect(sender.send(long)).toBe(true);
    const sending = sender.send('more');
    expect(sending).toBeInstanceOf(Promise);
    take();
    take();
    expect(await sending).toBe(true);
    expect(sender.send('again')).toBe(true);
  });

  it('and taken by nobody for half a minute closes it with 1013, and a second later at once', () => {
    const { sender, ends } = openSender();
    void sender.send(long);
    void sender.send('more');
    vi.advanceTimersByTime(29_999);
    expect(ends).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ends).toEqual([1013]);
    expect(sender.send('too late')).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(ends).toEqual([1013, 'terminated']);
  });

  it('has half a minute more whenever something of it was taken', () => {
    const { sender, ends, take } = openSender();
    void sender.send(long);
    void sender.send(long);
    void sender.send('more');
    take();
    vi.advanceTimersByTime(29_000);
    take();
    vi.advanceTimersByTime(29_000);
    expect(ends).toEqual([]);
    take();
    vi.advanceTimersByTime(60_000);
    expect(ends).toEqual([]);
  });
});
