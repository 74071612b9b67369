import { describe, expect, it } from 'vitest';
import { followPeer, pageSize } from '../../src/consumers/follow-peer.ts';
import type { Operation } from '../../src/domain/operation.ts';
import type { PositionedOperation } from '../../src/domain/playlist-feed.ts';

/** A peer with so many operations; positions are their numbers. */
function createPeer(count: number) {
  const page = (position: string): PositionedOperation[] =>
    Array.from({ length: Math.min(pageSize, count - Number(position)) }, (_, index) => {
      const number = Number(position) + index + 1;
      return { position: String(number), operation: { id: String(number) } as Operation };
    });
  return { url: 'http://peer.example', operationsSince: async (position: string) => page(position) };
}

function createWorld() {
  const merged: string[] = [];
  const written: string[] = [];
  let position = '0';
  let wake = () => {};
  const errors: number[] = [];
  return {
    merged,
    written,
    errors,
    until: async (isDone: () => boolean) => {
      while (!isDone()) await new Promise<void>((resolve) => (wake = resolve));
    },
    options: {
      positions: {
        read: async () => position,
        async write(_: string, next: string) {
          position = next;
          written.push(next);
        },
      },
      playlists: {
        async merge(operations: readonly Operation[]) {
          merged.push(...operations.map(({ id }) => id));
        },
      },
      everyMs: 1,
      onMerged: () => wake(),
      onError(_: unknown, retryMs: number) {
        errors.push(retryMs);
        wake();
      },
    },
  };
}

describe('following a peer', () => {
  it('merges page after page, and writes the position behind each', async () => {
    const { options, merged, written, until } = createWorld();
    const stop = followPeer({ ...options, peer: createPeer(250) });
    await until(() => merged.length === 250);
    await stop();
    expect(merged).toEqual(Array.from({ length: 250 }, (_, index) => String(index + 1)));
    expect(written).toEqual(['100', '200', '250']);
  });

  it('comes again to what could not be merged, later and later', async () => {
    const { options, merged, written, errors, until } = createWorld();
    const playlists = {
      async merge(operations: readonly Operation[]) {
        if (errors.length < 3) throw new Error('the database is away');
        await options.playlists.merge(operations);
      },
    };
    const stop = followPeer({ ...options, playlists, peer: createPeer(1) });
    await until(() => merged.length === 1);
    await stop();
    expect([errors, written]).toEqual([[2, 4, 8], ['1']]);
  });

  it('stops at once while it waits', async () => {
    const { options, errors, until } = createWorld();
    const peer = { url: 'http://peer.example', operationsSince: () => Promise.reject(new Error('away')) };
    const stop = followPeer({ ...options, everyMs: 1_000_000, peer });
    await until(() => errors.length === 1);
    await stop();
    expect(errors).toEqual([30_000]);
  });
});
