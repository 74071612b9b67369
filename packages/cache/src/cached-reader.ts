import type { Cache, CacheEntry } from './cache.ts';
import { type CacheMetrics, countReads, createCacheMetrics, type ReadResult } from './cache-metrics.ts';
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

/** One key being read, which everybody shares who asks for it meanwhile. */
interface Flight<Key, Value> {
  readonly key: Key;
  readonly text: string;
  readonly batch: Batch;
  /** Undefined until it has come. */
  value?: Value | null;
  /** Set when the value was forgotten, or asked for anew, before it came. */
  outdated: boolean;
}

/** The keys of one caller that nobody was reading yet: looked up together, and loaded together. */
interface Batch {
  readonly startedAt: number;
  /** What is cached has come. */
  lookedUp: Promise<void>;
  /** All has come; rejects when loading failed. */
  loaded: Promise<void>;
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
  type FlightOf = Flight<Key, Value>;
  const flights = new Map<string, FlightOf>();
  const cacheKey = (text: string) => `${namespace}:v${version}:${name}:${text}`;
  const count = countReads(metrics, name);

  function read(text: string | null): { result: ReadResult; value?: Value | null } {
    if (text === null) return { result: 'miss' };
    if (text === nothing) return { result: 'negative', value: null };
    try {
      return { result: 'hit', value: parse(text) };
    } catch {
      return { result: 'unreadable' };
    }
  }

  function land(flight: FlightOf, value: Value | null): void {
    flight.value = value;
    leave(flight);
  }

  function leave(flight: FlightOf): void {
    if (flights.get(flight.text) === flight) flights.delete(flight.text);
  }

  /** @returns what has to be loaded */
  async function lookUp(taken: readonly FlightOf[]): Promise<FlightOf[]> {
    const texts = await cache.getMany(taken.map(({ text }) => cacheKey(text)));
    const results: ReadResult[] = [];
    const missing = taken.filter((flight, index) => {
      const { result, value } = read(texts[index] ?? null);
      results.push(result);
      if (value !== undefined) land(flight, value);
      return value === undefined;
    });
    count(results);
    return missing;
  }

  async function loadAndStore(missing: readonly FlightOf[]): Promise<void> {
    if (missing.length === 0) return;
    const stop = metrics.loads.startTimer({ name });
    const values = await load(missing.map(({ key }) => key)).finally(stop);
    const entries: CacheEntry[] = [];
    for (const [index, flight] of missing.entries()) {
      const value = values[index] ?? null;
      land(flight, value);
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

  function start(batch: Batch, taken: readonly FlightOf[]): void {
    const lookedUp = lookUp(taken);
    batch.lookedUp = lookedUp.then(() => {});
    batch.loaded = lookedUp.then(loadAndStore);
    // Whoever waits for it is told as well.
    batch.loaded.catch(() => taken.forEach(leave));
  }

  return {
    async readMany(keys) {
      const batch: Batch = { startedAt: clock(), lookedUp: landed, loaded: landed };
      const taken: FlightOf[] = [];
      const joined: ReadResult[] = [];
      const wanted = keys.map((key) => {
        const text = keyText(key);
        const running = flights.get(text);
        if (running && batch.startedAt - running.batch.startedAt < longestFlightMs) {
          joined.push('shared');
          return running;
        }
        if (running) running.outdated = true;
        const flight: FlightOf = { key, text, batch, outdated: false };
        flights.set(text, flight);
        taken.push(flight);
        return flight;
      });
      count(joined);
      if (taken.length > 0) start(batch, taken);

      for (const { lookedUp } of new Set(wanted.map((flight) => flight.batch))) await lookedUp;
      for (const flight of wanted) if (flight.value === undefined) await flight.batch.loaded;
      return wanted.map(({ value }) => value as Value | null);
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

const landed = Promise.resolve();
