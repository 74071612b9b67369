import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogUnavailableError } from '@medley/event-log';
import { createMetrics } from '@medley/service';
import { silentLogger } from '@medley/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogFiles } from '../../src/access-log/log-files.ts';
import { createShipment, type Shipment, type ShipmentOptions } from '../../src/access-log/shipment.ts';
import { openShippedState, SecondWriterError } from '../../src/access-log/shipped-state.ts';
import { createShipperMetrics } from '../../src/access-log/shipper-metrics.ts';
import { openTestAccessLog, type TestAccessLog } from './test-access-log.ts';
import { createTrafficSink } from './told-traffic.ts';

class Killed extends Error {}

let access: TestAccessLog;
let sink: ReturnType<typeof createTrafficSink>;
/** After so many steps that leave a trace the process is killed, before the step or right after it. */
let lives: number;
let metrics: ReturnType<typeof createMetrics>;

const step = async <Done>(act: () => Promise<Done>): Promise<Done> => {
  if (lives === 0) throw new Killed();
  lives -= 1;
  const done = await act();
  if (lives === 0) throw new Killed();
  lives -= 1;
  return done;
};

async function start(options: Partial<ShipmentOptions> = {}): Promise<Shipment> {
  metrics = createMetrics();
  const state = await openShippedState(join(access.folder, 'position.json'));
  return createShipment({
    files: createLogFiles(access.path),
    state: { initial: state.initial, save: (saved) => step(() => state.save(saved)) },
    log: {
      append: (_topic, records) =>
        step(async () => {
          sink.take(records);
          return [];
        }),
    },
    node: 'edge-1',
    tier: 'ALONE',
    sampleOutOf: 2,
    logger: silentLogger,
    metrics: createShipperMetrics(metrics),
    // Whatever is written is over, and no file gets more.
    clock: () => Date.now() + 60_000,
    rangeBytes: 2_000,
    ...options,
  });
}

/** Starts, tells what is there, and ends. */
async function shipOnce(options: Partial<ShipmentOptions> = {}): Promise<void> {
  const shipment = await start(options);
  try {
    await shipment.advance({ all: false });
  } finally {
    await shipment.close();
  }
}
const told = () => {
  const { samples: _, ...totals } = sink.totals();
  return totals;
};
const lost = async () =>
  Object.fromEntries(
    [...(await metrics.registry.metrics()).matchAll(/lost_total\{how="(\w+)"\} (\d+)/g)].map(
      ([, how, count]) => [how, Number(count)],
    ),
  );

beforeEach(async () => {
  access = await openTestAccessLog();
  sink = createTrafficSink();
  lives = Number.POSITIVE_INFINITY;
});
afterEach(() => access.close());

describe('shipping the access log', () => {
  it('waits for a log that is not there yet, then tells each line once', async () => {
    const shipment = await start();
    await shipment.advance({ all: false });
    await access.requests(20);
    await shipment.advance({ all: false });
    await access.requests(3);
    await access.fetch();
    await shipment.advance({ all: false });
    await shipment.advance({ all: false });
    await shipment.close();
    expect(told()).toEqual(access.written);
  });

  it('goes on where the process before it was', async () => {
    await access.requests(10);
    await shipOnce();
    await access.requests(5);
    await shipOnce();
    await shipOnce();
    expect(told()).toEqual(access.written);
  });

  it('loses and doubles nothing wherever it is killed', async () => {
    await access.requests(12);
    await access.rubbish();
    await access.rotate();
    await access.requests(12);
    for (let steps = 0; steps < 60; steps += 1) {
      lives = steps;
      await shipOnce().catch(isKilled);
      await access.requests(1);
    }
    lives = Number.POSITIVE_INFINITY;
    await shipOnce();
    // It began with the file that is written now: what was rotated before its first start is not its business.
    expect(told()).toEqual({ ...access.written, requests: 72, bytesSent: expect.any(Number), malformed: 0 });
    expect(told().bytesSent).toBe(access.written.bytesSent - (12 * 13) / 2);
  });

  it('is right whatever is written, rotated and killed, in any order', async () => {
    const action = fc.oneof(
      fc.record({ do: fc.constant('requests' as const), count: fc.integer({ min: 1, max: 12 }) }),
      fc.record({ do: fc.constantFrom('fetch', 'rubbish', 'half', 'long', 'rotate', 'ship', 'restart') }),
      fc.record({ do: fc.constant('kill' as const), count: fc.integer({ min: 0, max: 12 }) }),
    );
    const world = async (actions: readonly { do: string; count?: number }[]) => {
      await access.close();
      access = await openTestAccessLog();
      sink = createTrafficSink();
      lives = Number.POSITIVE_INFINITY;
      await access.requests(1);
      let shipment = await start();
      await shipment.advance({ all: false });
      for (const { do: what, count = 0 } of actions) {
        if (what === 'requests') await access.requests(count);
        else if (what === 'fetch') await access.fetch();
        else if (what === 'rubbish') await access.rubbish();
        // Longer than all that is read at once.
        else if (what === 'long') await access.rubbish(5_000);
        else if (what === 'half') await access.half();
        else if (what === 'rotate') {
          await access.rotate();
          await access.requests(1);
        } else if (what === 'ship') await shipment.advance({ all: false });
        else {
          if (what === 'kill') {
            lives = count;
            await shipment.advance({ all: false }).catch(isKilled);
            lives = Number.POSITIVE_INFINITY;
          }
          await shipment.close();
          shipment = await start();
        }
      }
      // Whoever was in the midst of a line ends it.
      await access.requests(1);
      await shipment.advance({ all: true });
      await shipment.close();
      expect(told()).toEqual(access.written);
    };
    await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 25 }), world), { numRuns: 40 });
  }, 120_000);

  it('tells what was interrupted just as it was about to be told, under another name and with other settings too', async () => {
    await access.requests(10);
    // The intent is saved with the file, then with the piece; then it is told, and killed before that is saved.
    lives = 6;
    await shipOnce().catch(isKilled);
    lives = Number.POSITIVE_INFINITY;
    const before = sink.totals();
    expect(before.requests).toBeGreaterThan(0);
    await shipOnce({ node: 'another', sampleOutOf: 0, tier: 'BEHIND_SHIELD', rangeBytes: 1_000 });
    expect(told()).toEqual(access.written);
  });

  it('keeps its place while the event log is away, and holds nothing in memory', async () => {
    await access.requests(50);
    let asked = 0;
    const shipment = await start({
      log: {
        append: async () => {
          asked += 1;
          throw new LogUnavailableError('away');
        },
      },
    });
    for (let times = 1; times <= 5; times += 1) {
      await expect(shipment.advance({ all: false })).rejects.toThrow('away');
      await access.requests(10);
      // One piece is tried, not one after another.
      expect(asked).toBe(times);
    }
    await shipment.close();
    await shipOnce();
    expect(told()).toEqual(access.written);
  });

  it('tells nothing while the disk is full, and then all of it', async () => {
    await access.requests(10);
    const state = await openShippedState(join(access.folder, 'position.json'));
    let isFull = true;
    const shipment = await start({
      state: {
        initial: state.initial,
        async save(saved) {
          if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          await state.save(saved);
        },
      },
    });
    await expect(shipment.advance({ all: false })).rejects.toThrow('no space');
    expect(told().requests).toBe(0);
    isFull = false;
    await shipment.advance({ all: false });
    await shipment.close();
    expect(told()).toEqual(access.written);
  });

  it('counts a line of 10 MB as one that cannot be read, and reads the next', async () => {
    await access.requests(1);
    await access.rubbish(10_000_000);
    await access.requests(1);
    await shipOnce({ rangeBytes: 1_000_000 });
    expect(told()).toEqual(access.written);
  });

  it('leaves the ten seconds that are not over, unless it is to tell all', async () => {
    await access.requests(3);
    const shipment = await start({ clock: Date.now });
    // The lines are of this moment; at the turn of ten seconds they may be over.
    await shipment.advance({ all: false });
    await shipment.advance({ all: true });
    await shipment.close();
    expect(told()).toEqual(access.written);
  });
});

describe('a rotated access log', () => {
  it('is read to its end, also what comes late, and then the next one', async () => {
    let late = 0;
    await access.requests(5);
    const shipment = await start({ clock: () => Date.now() + late });
    await shipment.advance({ all: true });
    await access.requests(2);
    await access.rotate();
    await access.requests(3);
    await shipment.advance({ all: true });
    // Not the three of the new file: a worker may still write to the old one.
    expect(told().requests).toBe(7);
    late = 11_000;
    await shipment.advance({ all: true });
    expect(told()).toEqual(access.written);
    await shipment.close();
  });

  it('is found again after rotations while nobody looked', async () => {
    await access.requests(5);
    await shipOnce();
    for (let times = 0; times < 4; times += 1) {
      await access.requests(3);
      await access.rotate();
      await access.requests(2);
    }
    await shipOnce();
    expect(told()).toEqual(access.written);
    expect(await lost()).toEqual({});
  });

  it('that is gone is said to be, and the rest is told', async () => {
    await access.requests(5);
    await shipOnce();
    await access.requests(7);
    await access.rotate();
    await access.requests(2);
    await rm(`${access.path}.1`);
    await shipOnce();
    expect(told().requests).toBe(access.written.requests - 7);
    expect(await lost()).toEqual({ gone: 1 });
  });

  it('that was compressed is said to be lost', async () => {
    await access.requests(5);
    await shipOnce();
    await access.rotate();
    await access.requests(2);
    await access.rotate();
    await access.requests(1);
    await rm(`${access.path}.1`);
    await writeFile(`${access.path}.1.gz`, 'compressed');
    await shipOnce();
    expect(told().requests).toBe(6);
    expect(await lost()).toEqual({ compressed: 1 });
  });

  it('that was copied and emptied is told from its copy, and said to be at risk', async () => {
    await access.requests(5);
    const shipment = await start();
    await shipment.advance({ all: false });
    await access.requests(4);
    await access.copyAndTruncate();
    await access.requests(30);
    await shipment.advance({ all: false });
    await shipment.close();
    expect(told()).toEqual(access.written);
  });

  it('that was emptied without a copy is begun anew', async () => {
    await access.requests(5);
    const shipment = await start();
    await shipment.advance({ all: false });
    await truncate(access.path);
    await shipment.advance({ all: false });
    await access.requests(8);
    await shipment.advance({ all: false });
    await shipment.close();
    expect(told()).toEqual(access.written);
    expect(await lost()).toEqual({ emptied: 1 });
  });

  it('of which a crash of the machine took the end goes on from there', async () => {
    await access.requests(5);
    await shipOnce();
    const { length } = await readFile(access.path);
    await truncate(access.path, length - 10);
    // Nginx goes on in the midst of a line, which nobody can read.
    await shipOnce();
    expect(await lost()).toEqual({ cut: 1 });
    await access.requests(3);
    await shipOnce();
    expect(told()).toMatchObject({ requests: 7, malformed: 0 });
  });
});

describe('the position', () => {
  it('is not shared by two', async () => {
    await access.requests(5);
    const [first, second] = [await start(), await start()];
    await first.advance({ all: false });
    await expect(second.advance({ all: false })).rejects.toThrow(SecondWriterError);
    await first.close();
    await second.close();
  });

  it('that cannot be understood is no reason to tell everything again', async () => {
    await writeFile(join(access.folder, 'position.json'), '{"version": 1, "wri');
    await expect(start()).rejects.toThrow(/position\.json is damaged/);
  });
});

function isKilled(error: unknown): void {
  if (!(error instanceof Killed)) throw error;
}
