import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTicks } from '../../src/live/ticks.ts';

describe('ticks', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-23T12:00:00.300Z') }));
  afterEach(() => void vi.useRealTimers());

  function open(append: () => Promise<never[]> = async () => []) {
    const told: number[] = [];
    const ticks = createTicks({
      log: {
        append(_topic, records) {
          told.push(Date.now());
          expect(JSON.parse(String(records[0]?.value)).data).toEqual({ batches: [], tracks: [] });
          return append();
        },
      },
      random: () => 0.5,
    });
    return { ticks, told: () => told.map((at) => at - Date.parse('2026-11-23T12:00:00.000Z')) };
  }

  it('tell that a second is over right after it, while somebody wants to know', async () => {
    const { ticks, told } = open();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told()).toEqual([]);
    const [isGone, isGoneToo] = [ticks.want(), ticks.want()];
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told()).toEqual([3_025, 4_025]);
    isGone();
    isGone();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told()).toHaveLength(3);
    isGoneToo();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told()).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are left out where something was heard since the second was over', async () => {
    const { ticks, told } = open();
    ticks.want();
    await vi.advanceTimersByTimeAsync(710);
    ticks.heard();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told()).toEqual([2_025]);
  });

  it('do not pile up while the log is away, and go on when it is back', async () => {
    let giveUp = () => {};
    const { ticks, told } = open(
      () =>
        new Promise((_, reject) => {
          giveUp = () => reject(new Error('the log is away'));
        }),
    );
    ticks.want();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told()).toHaveLength(1);
    giveUp();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told()).toHaveLength(2);
    ticks.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
