import { describe, expect, it } from 'vitest';
import { type Cache, createMemoryCache, createTwoLevelCache } from '../src/index.ts';

const memory = (clock?: () => number) => createMemoryCache({ maxBytes: 1_000_000, clock });
const settle = () => new Promise((resolve) => setImmediate(resolve));
const entry = (value: string) => ({ key: 'a', value, ttlMs: 60_000 });

describe('a cache before another one', () => {
  it('asks the far one only for what is not near, and keeps near what it got', async () => {
    const far = memory();
    const asked: (readonly string[])[] = [];
    const watched: Cache = {
      ...far,
      getMany(keys) {
        asked.push(keys);
        return far.getMany(keys);
      },
    };
    const cache = createTwoLevelCache({ near: memory(), far: watched });
    await far.setMany([entry(''), { ...entry('two'), key: 'b' }]);
    expect(await cache.getMany(['a'])).toEqual(['']);
    expect(await cache.getMany(['b', 'a', 'c'])).toEqual(['two', '', null]);
    expect(await cache.getMany(['a', 'b'])).toEqual(['', 'two']);
    expect(asked).toEqual([['a'], ['b', 'c']]);
  });

  it('keeps nothing near for longer than told, as another process may have deleted it far away', async () => {
    let now = 1;
    const far = memory(() => now);
    const cache = createTwoLevelCache({ near: memory(() => now), far, nearTtlMs: 5_000 });
    await cache.setMany([entry('one')]);
    await far.setMany([entry('two')]);
    expect(await cache.getMany(['a'])).toEqual(['one']);
    now += 5_001;
    expect(await cache.getMany(['a'])).toEqual(['two']);
    await far.setMany([entry('three')]);
    now += 5_001;
    expect(await cache.getMany(['a'])).toEqual(['three']);
  });

  it('keeps nothing near that was on its way while it was deleted', async () => {
    const far = memory();
    let answer = (): void => {};
    const slow: Cache = {
      ...far,
      async getMany(keys) {
        const values = await far.getMany(keys);
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return values;
      },
    };
    const cache = createTwoLevelCache({ near: memory(), far: slow });
    await far.setMany([entry('old')]);
    const reading = cache.getMany(['a']);
    await settle();
    await cache.deleteMany(['a']);
    answer();
    expect(await reading).toEqual(['old']);
    const again = cache.getMany(['a']);
    await settle();
    answer();
    expect(await again).toEqual([null]);
  });

  it('still finds what is near when the far one finds nothing, and says that the deletion failed', async () => {
    const dead: Cache = {
      getMany: async (keys) => keys.map(() => null),
      setMany: async () => {},
      deleteMany: async () => false,
      close() {},
    };
    const cache = createTwoLevelCache({ near: memory(), far: dead });
    await cache.setMany([entry('one')]);
    expect(await cache.getMany(['a'])).toEqual(['one']);
    expect(await cache.deleteMany(['a'])).toBe(false);
    expect(await cache.getMany(['a'])).toEqual([null]);
  });
});
