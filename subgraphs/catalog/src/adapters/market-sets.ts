import { createHash } from 'node:crypto';
import { type Cache, jitteredMs, ttlClasses } from '@medley/cache';

/**
 * Sets of markets, named by what is in them. A worldwide track names 250 markets and a catalog has some hundred different
 * sets, so cached tracks name theirs instead of repeating it. What a name stands for never changes.
 */
export interface MarketSets {
  /** Remembers sets. @returns their names, in their order */
  keep(sets: readonly (readonly string[])[]): readonly string[];
  /** Sets by name; one that was forgotten is absent. */
  findByNames(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}

export function createMarketSets(cache: Cache): MarketSets {
  // Sets of this process, so that tracks share one array, and their names, as rows share arrays too.
  const known = new Map<string, readonly string[]>();
  const names = new WeakMap<readonly string[], string>();
  const cacheKey = (name: string) => `catalog:v1:markets:${name}`;

  function remember(name: string, set: readonly string[]) {
    if (known.size >= 1_000) known.clear();
    known.set(name, set);
  }

  return {
    keep(sets) {
      const entries = new Map<string, string>();
      const kept = sets.map((set) => {
        const text = set.join(',');
        const name = names.get(set) ?? createHash('sha256').update(text).digest('base64url').slice(0, 22);
        names.set(set, name);
        if (!known.has(name)) remember(name, set);
        entries.set(name, text);
        return name;
      });
      const { seconds } = ttlClasses.immutable;
      void cache.setMany(
        [...entries].map(([name, value]) => ({
          key: cacheKey(name),
          value,
          ttlMs: jitteredMs(seconds, Math.random()),
        })),
      );
      return kept;
    },

    async findByNames(names) {
      const found = new Map<string, readonly string[]>();
      const missing: string[] = [];
      for (const name of new Set(names)) {
        const set = known.get(name);
        if (set) found.set(name, set);
        else missing.push(name);
      }
      const texts = missing.length > 0 ? await cache.getMany(missing.map(cacheKey)) : [];
      for (const [index, name] of missing.entries()) {
        const text = texts[index] ?? null;
        if (text === null || !isSet(text)) continue;
        const set = text === '' ? [] : text.split(',');
        remember(name, set);
        found.set(name, set);
      }
      return found;
    },
  };
}

const isSet = (text: string) => /^([A-Z]{2}(,[A-Z]{2})*)?$/.test(text);
