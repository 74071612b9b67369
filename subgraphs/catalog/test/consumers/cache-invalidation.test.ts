import { afterEach, describe, expect, it } from 'vitest';
import { type InvalidationOptions, startCacheInvalidation } from '../../src/consumers/cache-invalidation.ts';
import type { CatalogChange } from '../../src/domain/change-log.ts';

/** A log of changes that tests write, and that can fail. */
function createLog() {
  const rows: CatalogChange[] = [];
  const log = {
    broken: false,
    add: (count = 1) => {
      for (let n = 0; n < count; n++) {
        const id = BigInt(rows.length + 1);
        rows.push({ id, key: `track ${id}`, type: 'TrackChanged', version: 1, time: new Date(0), data: {} });
      }
    },
    async changesSince(after: bigint, limit: number) {
      if (log.broken) throw new Error('no database');
      return rows.filter(({ id }) => id > after).slice(0, limit);
    },
    async lastId() {
      if (log.broken) throw new Error('no database');
      return rows.at(-1)?.id ?? 0n;
    },
  };
  return log;
}

describe('invalidation of the cache', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function start(log = createLog(), options: Partial<InvalidationOptions> = {}) {
    const forgotten: bigint[] = [];
    const told: string[] = [];
    const { stop, wake } = await startCacheInvalidation({
      changes: log,
      forget: async (changes) => {
        forgotten.push(...changes.map(({ id }) => id));
        return true;
      },
      everyMs: 5,
      onLost: (error) => told.push(`lost: ${(error as Error).message}`),
      onBack: () => told.push('back'),
      ...options,
    });
    stops.push(stop);
    return { log, forgotten, told, stop, wake };
  }

  it('begins with what changes from now on, and tells of each change once', async () => {
    const log = createLog();
    log.add(3);
    const { forgotten } = await start(log);
    log.add(2);
    await expect.poll(() => forgotten).toEqual([4n, 5n]);
    log.add();
    await expect.poll(() => forgotten).toEqual([4n, 5n, 6n]);
  });

  it('catches up at once, however much changed', async () => {
    const { log, forgotten } = await start(undefined, { everyMs: 20 });
    log.add(2_345);
    await expect.poll(() => forgotten.length).toBeGreaterThan(0);
    expect(forgotten).toHaveLength(2_345);
    expect(new Set(forgotten).size).toBe(2_345);
  });

  it('asks again until the cache says that it forgot', async () => {
    const asked: bigint[][] = [];
    const { log, told } = await start(undefined, {
      forget: async (changes) => asked.push(changes.map(({ id }) => id)) > 3,
    });
    log.add(2);
    await expect.poll(() => told).toEqual(['lost: the cache did not confirm that it forgot', 'back']);
    expect(asked).toEqual(Array(4).fill([1n, 2n]));
  });

  it('goes on when the database is back, and tells once that it was away', async () => {
    const { log, forgotten, told } = await start();
    log.broken = true;
    await expect.poll(() => told).toEqual(['lost: no database']);
    log.add(2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    log.broken = false;
    await expect.poll(() => forgotten).toEqual([1n, 2n]);
    expect(told).toEqual(['lost: no database', 'back']);
  });

  it('can begin without a database', async () => {
    const log = createLog();
    log.broken = true;
    const { told, forgotten } = await start(log);
    expect(told).toEqual(['lost: no database']);
    log.broken = false;
    await expect.poll(() => told).toEqual(['lost: no database', 'back']);
    log.add();
    await expect.poll(() => forgotten).toEqual([1n]);
  });

  it('says each time that the cache is up to date, and stops when told, after what it is doing', async () => {
    let finish: (() => void) | undefined;
    let looks = 0;
    const { log, stop, forgotten } = await start(undefined, {
      onFollowed: () => {
        looks++;
      },
      forget: () =>
        new Promise((resolve) => {
          finish = () => resolve(true);
        }),
    });
    await expect.poll(() => looks).toBeGreaterThan(2);
    log.add();
    await expect.poll(() => finish).toBeDefined();
    const stopped = stop().then(() => 'stopped');
    expect(await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, 20))])).toBeUndefined();
    finish?.();
    expect(await stopped).toBe('stopped');
    const after = looks;
    log.add();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(looks).toBe(after);
    expect(forgotten).toEqual([]);
  });

  it('looks at once when it is woken, also by what it hears of in mid-look', async () => {
    const { log, forgotten, wake } = await start(undefined, { everyMs: 60_000 });
    log.add();
    wake();
    log.add();
    wake();
    wake();
    await expect.poll(() => forgotten).toEqual([1n, 2n]);
    log.add();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(forgotten).toEqual([1n, 2n]);
    wake();
    await expect.poll(() => forgotten).toEqual([1n, 2n, 3n]);
  });

  it('is not woken any more once it has stopped', async () => {
    const { log, forgotten, wake, stop } = await start();
    await stop();
    log.add();
    wake();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(forgotten).toEqual([]);
  });
});
