import type { Cache, CacheEntry } from './cache.ts';
import { type CacheMetrics, createCacheMetrics } from './cache-metrics.ts';
import { jitteredMs, type TtlClass } from './ttl-class.ts';

export interface CachedReaderOptions<Key, Value> {
  readonly cache: Cache;
  /** Whose values these are and what: the cache's keys begin with `<namespace>:v<version>:<name>:`. */
  readonly namespace: string;
  readonly name: string;
  /** Another one for each way in which values are written. */
  readonly version: number;
  readonly ttl: TtlClass;
  /** Different for different keys. */
  readonly keyText: (key: Key) => string;
  /** Loads what is not cached, in the order of the keys, null where there is none. */
  readonly load: (keys: readonly Key[]) => Promise<readonly (Value | null)[]>;
  /** Never the empty text. */
  readonly serialise: (value: Value) => string;
  /** Reads what `serialise` wrote, also what others wrote: it throws on anything else, which then is a miss. */
  readonly parse: (text: string) => Value;
  readonly metrics?: CacheMetrics;
  /** Milliseconds, of any beginning. */
  readonly clock?: () => number;
  /** 0 to 1. */
  readonly random?: () => number;
}

export interface CachedReader<Key, Value> {
  /**
   * The values in the order of the keys, null where there is none. Callers share them, so nobody changes them.
   * @throws what `load` throws; it is not cached
   */
  readMany(keys: readonly Key[]): Promise<(Value | null)[]>;
  /**
   * Forgets values that are no longer true, also those being loaded at the moment: whoever waits for them gets them, but
   * they are not stored, and whoever asks from now on waits for a new load.
   * @returns whether nobody can read them any more; when it is false, call it again
   */
  forget(keys: readonly Key[]): Promise<boolean>;
}

/** A read under way, which everybody shares who asks for the same key. */
interface Flight<Key, Value> {
  readonly key: Key;
  readonly text: string;
  readonly startedAt: number;
  readonly landed: Promise<Value | null>;
  readonly land: (value: Value | null) => void;
  readonly crash: (error: unknown) => void;
  /** Set when its value was forgotten, or asked for anew, before it came. */
  outdated: boolean;
}

/**
 * Reads through a cache: what is not there is loaded and stored. However many callers of this process ask for a key at
 * once, it is loaded once, and a caller that no longer waits takes nothing from the others: loads cannot be cancelled.
 */
export function createCachedReader<Key, Value>(
  options: CachedReaderOptions<Key, Value>,
): CachedReader<Key, Value> {
  const { cache, namespace, name, version, ttl, keyText, load, serialise, parse } = options;
  const { metrics = createCacheMetrics(), clock = () => performance.now(), random = Math.random } = options;
  const flights = new Map<string, Flight<Key, Value>>();
  const cacheKey = (text: string) => `${namespace}:v${version}:${name}:${text}`;
  const count = (result: string, keys = 1) => metrics.reads.inc({ name, result }, keys);

  /** @returns undefined when it has to be loaded */
  function read(text: string | null): Value | null | undefined {
    if (text === null) {
      count('miss');
      return undefined;
    }
    if (text === nothing) {
      count('negative');
      return null;
    }
    try {
      const value = parse(text);
      count('hit');
      return value;
    } catch {
      count('unreadable');
      return undefined;
    }
  }

  async function fly(batch: readonly Flight<Key, Value>[]): Promise<void> {
    const texts = await cache.getMany(batch.map(({ text }) => cacheKey(text)));
    const missing = batch.filter((flight, index) => {
      const value = read(texts[index] ?? null);
      if (value !== undefined) flight.land(value);
      return value === undefined;
    });
    if (missing.length === 0) return;

    const stop = metrics.loads.startTimer({ name });
    const values = await load(missing.map(({ key }) => key)).finally(stop);
    const entries: CacheEntry[] = [];
    for (const [index, flight] of missing.entries()) {
      const value = values[index] ?? null;
      flight.land(value);
      if (flight.outdated) continue;
      const seconds = value === null ? ttl.negativeSeconds : ttl.seconds;
      entries.push({
        key: cacheKey(flight.text),
        value: value === null ? nothing : serialise(value),
        ttlMs: jitteredMs(seconds, random()),
      });
    }
    // Nobody waits for this, and it never rejects.
    void cache.setMany(entries);
  }

  return {
    async readMany(keys) {
      const now = clock();
      const batch: Flight<Key, Value>[] = [];
      const landings = keys.map((key) => {
        const text = keyText(key);
        const running = flights.get(text);
        if (running && now - running.startedAt < longestFlightMs) {
          count('shared');
          return running.landed;
        }
        if (running) running.outdated = true;
        const flight = createFlight<Key, Value>(key, text, now);
        flights.set(text, flight);
        batch.push(flight);
        return flight.landed;
      });
      if (batch.length > 0)
        void fly(batch)
          .catch((error: unknown) => {
            for (const flight of batch) flight.crash(error);
          })
          .finally(() => {
            for (const flight of batch) if (flights.get(flight.text) === flight) flights.delete(flight.text);
          });
      return Promise.all(landings);
    },

    forget(keys) {
      const texts = keys.map(keyText);
      for (const text of texts) {
        const flight = flights.get(text);
        if (!flight) continue;
        flight.outdated = true;
        flights.delete(text);
      }
      return cache.deleteMany(texts.map(cacheKey));
    },
  };
}

/** What stands for "there is none". */
const nothing = '';

// A load that hangs must not take everybody with it who asks for the same later.
const longestFlightMs = 5_000;

function createFlight<Key, Value>(key: Key, text: string, startedAt: number): Flight<Key, Value> {
  let land: Flight<Key, Value>['land'] = () => {};
  let crash: Flight<Key, Value>['crash'] = () => {};
  const landed = new Promise<Value | null>((resolve, reject) => {
    land = resolve;
    crash = reject;
  });
  return { key, text, startedAt, landed, land, crash, outdated: false };
}
