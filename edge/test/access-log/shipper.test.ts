import { LogUnavailableError } from '@medley/event-log';
import { silentLogger } from '@medley/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Shipment } from '../../src/access-log/shipment.ts';
import { SecondWriterError } from '../../src/access-log/shipped-state.ts';
import { type Shipper, startShipper } from '../../src/access-log/shipper.ts';

const noon = Date.parse('2026-11-23T12:00:00.000Z');
const advance = vi.fn<Shipment['advance']>();
const crashed = vi.fn();
let shipper: Shipper;

beforeEach(() => {
  vi.useFakeTimers({ now: noon });
  advance.mockReset().mockResolvedValue();
  crashed.mockReset();
});
afterEach(async () => {
  await shipper.stop();
  vi.useRealTimers();
});

const start = () => {
  shipper = startShipper({
    shipment: { advance, close: async () => {} },
    everyMs: 10_000,
    logger: silentLogger,
    onCrash: crashed,
  });
};

it('looks at once, and then half a second after each ten', async () => {
  start();
  await vi.advanceTimersByTimeAsync(10_499);
  expect(advance).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(advance).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(advance).toHaveBeenCalledTimes(4);
});

it('tries again while the event log is away, says so, and is well when it is back', async () => {
  advance
    .mockRejectedValueOnce(new LogUnavailableError('away'))
    .mockRejectedValueOnce(new LogUnavailableError('away'));
  start();
  await vi.advanceTimersByTimeAsync(600);
  expect(advance).toHaveBeenCalledTimes(2);
  expect(shipper.findDegraded()).toEqual(['the event log does not take the traffic']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(advance).toHaveBeenCalledTimes(3);
  expect(shipper.findDegraded()).toEqual([]);
  expect(crashed).not.toHaveBeenCalled();
});

it('tries every half a minute at most, however long it lasts', async () => {
  advance.mockRejectedValue(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  start();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(advance.mock.calls.length).toBeGreaterThan(100);
  expect(advance.mock.calls.length).toBeLessThan(140);
  expect(shipper.findDegraded()).toEqual(['the access log cannot be read, or its position not be saved']);
});

it('ends when another one does the same', async () => {
  advance.mockRejectedValueOnce(new SecondWriterError('position.json'));
  start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(advance).toHaveBeenCalledTimes(1);
  expect(crashed).toHaveBeenCalledWith(expect.any(SecondWriterError));
});

it('tells the rest when it stops, but does not wait for long', async () => {
  start();
  await vi.advanceTimersByTimeAsync(1);
  advance.mockReturnValueOnce(new Promise(() => {}));
  const stopped = vi.fn();
  void shipper.stop().then(stopped);
  await vi.advanceTimersByTimeAsync(4_900);
  expect(advance).toHaveBeenLastCalledWith({ all: true });
  expect(stopped).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(stopped).toHaveBeenCalled();
});
