import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PlaybackMeasurement } from '../src/measurement.ts';
import { createMeasurementQueue, type Sent } from '../src/measurement-queue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const measurement = (id: number, stalls = 0): PlaybackMeasurement => ({
  id: `id ${id}`,
  playbackToken: 'v1.facts.signature',
  startedAt: '2026-11-23T12:00:00.000Z',
  outcome: 'STARTED',
  failure: null,
  httpStatus: null,
  clickToSoundMs: 180,
  msPlayed: 1,
  stalls: Array.from({ length: stalls }, (_, index) => ({ atMs: 1_000 * index, lengthMs: 1_000 })),
  bytes: 1,
  edgeHits: 1,
  edgeMisses: 0,
});

function open(
  answer: (batch: readonly PlaybackMeasurement[]) => Promise<Sent> = async () => ({ refused: 0 }),
) {
  const page = new EventTarget();
  const sent: string[][] = [];
  const queue = createMeasurementQueue({
    page,
    send: (batch) => {
      sent.push(batch.map(({ id }) => id));
      return answer(batch);
    },
  });
  return { page, queue, sent };
}

describe('measurements', () => {
  it('wait a little for others, and go together', async () => {
    const { queue, sent } = open();
    queue.add(measurement(1));
    await vi.advanceTimersByTimeAsync(4_000);
    queue.add(measurement(2));
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([['id 1', 'id 2']]);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sent).toHaveLength(1);
    expect(queue.waiting).toBe(0);
  });

  it('go by a hundred, and by what outlives a page', async () => {
    const { queue, sent } = open();
    for (let id = 0; id < 130; id += 1) queue.add(measurement(id));
    await queue.flush();
    await queue.flush();
    expect(sent.map(({ length }) => length)).toEqual([100, 30]);

    const batches: (readonly PlaybackMeasurement[])[] = [];
    const large = open(async (batch) => {
      batches.push(batch);
      return { refused: 0 };
    });
    for (let id = 0; id < 30; id += 1) large.queue.add(measurement(id, 100));
    large.page.dispatchEvent(new Event('pagehide'));
    expect(batches.flat()).toHaveLength(30);
    for (const batch of batches) expect(JSON.stringify(batch).length).toBeLessThan(32_000);
  });

  it('are sent again, later and later, until they arrive', async () => {
    let broken = true;
    const { queue, sent } = open(async () => {
      if (broken) throw new Error('502');
      return { refused: 0 };
    });
    queue.add(measurement(1));
    await vi.advanceTimersByTimeAsync(5_000);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(sent).toHaveLength(3);
    broken = false;
    queue.add(measurement(2));
    await vi.advanceTimersByTimeAsync(8_000);
    expect(sent.at(-1)).toEqual(['id 1', 'id 2']);
    expect([queue.waiting, queue.lost]).toEqual([0, 0]);
  });

  it('give a server that failed its time, whatever came meanwhile', async () => {
    const { queue, sent } = open(async () => {
      await new Promise((resolve) => setTimeout(resolve, 4_900));
      throw new Error('502');
    });
    queue.add(measurement(1));
    await vi.advanceTimersByTimeAsync(5_000);
    queue.add(measurement(2));
    await vi.advanceTimersByTimeAsync(5_800);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_200);
    expect(sent).toEqual([['id 1'], ['id 1', 'id 2']]);
  });

  it('are given up after eight tries', async () => {
    const { queue, sent } = open(async () => {
      throw new Error('502');
    });
    queue.add(measurement(1));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(sent).toHaveLength(8);
    expect([queue.waiting, queue.lost]).toEqual([0, 1]);
  });

  it('are lost when too many wait, the oldest first', async () => {
    const { queue } = open(() => new Promise(() => {}));
    for (let id = 0; id < 510; id += 1) queue.add(measurement(id));
    expect([queue.waiting, queue.lost]).toEqual([500, 10]);
  });

  it('that were refused are counted, and forgotten', async () => {
    const { queue, sent } = open(async () => ({ refused: 1 }));
    queue.add(measurement(1));
    await queue.stop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sent).toHaveLength(1);
    expect(queue.lost).toBe(1);
  });
});

describe('a queue that is stopped', () => {
  it('sends what came while a batch was under way', async () => {
    const { queue, sent } = open(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return { refused: 0 };
    });
    queue.add(measurement(1));
    await vi.advanceTimersByTimeAsync(5_000);
    queue.add(measurement(2));
    const stopped = queue.stop();
    await vi.advanceTimersByTimeAsync(2_000);
    await stopped;
    expect(sent).toEqual([['id 1'], ['id 2']]);
    expect([queue.waiting, queue.lost]).toEqual([0, 0]);
  });

  it('sends batch after batch', async () => {
    const { queue, sent } = open();
    for (let id = 0; id < 250; id += 1) queue.add(measurement(id));
    await queue.stop();
    expect(sent.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect([queue.waiting, queue.lost]).toEqual([0, 0]);
  });

  it('counts what it could not send', async () => {
    const { queue, sent } = open(async (batch) => {
      if (batch[0]?.id !== 'id 0') throw new Error('502');
      return { refused: 0 };
    });
    for (let id = 0; id < 250; id += 1) queue.add(measurement(id));
    await queue.stop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sent).toHaveLength(2);
    expect([queue.waiting, queue.lost]).toEqual([0, 150]);
  });

  it('tries once more what failed under way', async () => {
    let tries = 0;
    const { page, queue, sent } = open(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      tries += 1;
      if (tries === 1) throw new Error('502');
      return { refused: 0 };
    });
    queue.add(measurement(1));
    page.dispatchEvent(new Event('pagehide'));
    const stopped = queue.stop();
    await vi.advanceTimersByTimeAsync(2_000);
    await stopped;
    expect(sent).toEqual([['id 1'], ['id 1']]);
    expect([queue.waiting, queue.lost]).toEqual([0, 0]);
  });

  it('sends at once what comes too late, and counts it when that fails', async () => {
    let broken = false;
    const { queue, sent } = open(async () => {
      if (broken) throw new Error('502');
      return { refused: 0 };
    });
    await queue.stop();
    queue.add(measurement(1));
    expect(sent).toEqual([['id 1']]);
    broken = true;
    queue.add(measurement(2));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sent).toHaveLength(2);
    expect([queue.waiting, queue.lost]).toEqual([0, 1]);
  });
});

describe('a page that is left', () => {
  it('sends what there is, and what comes at the last instant', () => {
    const { page, queue, sent } = open();
    queue.add(measurement(1));
    page.dispatchEvent(new Event('pagehide'));
    queue.add(measurement(2));
    expect(sent).toEqual([['id 1'], ['id 2']]);
  });

  it('sends nothing twice that is under way', async () => {
    const { page, queue, sent } = open(() => new Promise(() => {}));
    queue.add(measurement(1));
    await vi.advanceTimersByTimeAsync(5_000);
    queue.add(measurement(2));
    page.dispatchEvent(new Event('pagehide'));
    expect(sent).toEqual([['id 1'], ['id 2']]);
  });

  it('goes on when somebody comes back', async () => {
    const { page, queue, sent } = open();
    page.dispatchEvent(new Event('pagehide'));
    page.dispatchEvent(new Event('pageshow'));
    queue.add(measurement(1));
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual([['id 1']]);
  });

  it('sends when it is hidden, for it may be ended without a word', async () => {
    const { page, queue, sent } = open();
    queue.add(measurement(1));
    page.dispatchEvent(new Event('visibilitychange'));
    expect(sent).toEqual([['id 1']]);
  });
});
