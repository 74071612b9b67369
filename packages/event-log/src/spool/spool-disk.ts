import type { Logger } from '@medley/service';
import { keptFreeBytes, watchFreeSpace } from '../embedded/free-space.ts';
import { type Level, type Operation, openLevelStore } from '../embedded/level-store.ts';
import { createWriter } from '../embedded/writer.ts';
import type { LogRecord } from '../event-log.ts';
import { SpoolFullError, SpoolUnwritableError } from './errors.ts';
import { decodeEntry, encodeEntry, type SpoolEntry } from './spool-entry.ts';

/** Some entries of one topic, the oldest that there are. */
export interface SpoolPage {
  readonly topic: string;
  readonly entries: readonly SpoolEntry[];
  readonly keys: readonly Buffer[];
  readonly bytes: number;
}

/** The records that wait, on disk, in the order in which they came. */
export interface SpoolDisk {
  /** @throws SpoolFullError, SpoolUnwritableError; then none is kept */
  add(topic: string, records: readonly LogRecord[]): Promise<void>;
  /** Null when there is none. */
  peek(): Promise<SpoolPage | null>;
  /** The page has gone to the log, those at `refused` were refused for good: they are put aside, for people to look at. */
  remove(page: SpoolPage, refused: ReadonlySet<number>): Promise<void>;
  readonly bytes: number;
  readonly records: number;
  /** When the first of them came. */
  readonly oldest: Date | null;
  close(): Promise<void>;
}

export interface SpoolDiskOptions {
  readonly folder: string;
  readonly maxBytes: number;
  readonly keepFreeBytes?: number;
  readonly clock: () => number;
  readonly logger: Logger;
}

const pageRecords = 500;
const pageBytes = 1_048_576;
/** After how much that has gone its space is given back at once. */
const worthCompacting = 16_777_216;

/** Keys: `s` and eight bytes that rise for what waits, `x` with the same for what was refused, `m` for the totals. */
export async function openSpoolDisk(options: SpoolDiskOptions): Promise<SpoolDisk> {
  const { folder, maxBytes, keepFreeBytes = keptFreeBytes, clock, logger } = options;
  let [next, bytes, records] = [0n, 0, 0];
  let oldest: Date | null = null;
  /** Of what is to be written and not counted yet. */
  let reserved = 0;
  let goneSinceCompaction = 0;
  /** Nothing is left up to here: to look there would be to step over what LevelDB has not cleared away yet. */
  let removedTo: Buffer = waiting.gt;

  async function load(level: Level) {
    const totals = await level.get(totalsKey);
    [next, bytes, records] = totals
      ? [totals.readBigUInt64BE(0), totals.readDoubleBE(8), totals.readDoubleBE(16)]
      : [0n, 0, 0];
    removedTo = waiting.gt;
    const [first] = await level.values({ ...waiting, limit: 1 }).all();
    oldest = first ? decodeEntry(first).time : null;
  }

  function putTotals(): Operation {
    const value = Buffer.allocUnsafe(24);
    value.writeBigUInt64BE(next);
    value.writeDoubleBE(bytes, 8);
    value.writeDoubleBE(records, 16);
    return { type: 'put', key: totalsKey, value };
  }

  const store = await openLevelStore({ folder, what: 'the spool', load, logger });
  const writer = createWriter(store);
  const space = watchFreeSpace(folder, keepFreeBytes);

  return {
    get bytes() {
      return bytes;
    },
    get records() {
      return records;
    },
    get oldest() {
      return oldest;
    },
    async add(topic, added) {
      const now = clock();
      const values = added.map((record) => encodeEntry(topic, record, now));
      const size = values.reduce((sum, value) => sum + value.length + keyBytes, 0);
      if (bytes + reserved + size > maxBytes) {
        throw new SpoolFullError(
          `the spool holds at most ${maxBytes} bytes, and ${bytes + reserved} wait in it`,
        );
      }
      reserved += size;
      const count = (sign: 1 | -1) => {
        bytes += sign * size;
        records += sign * added.length;
        reserved -= sign * size;
      };
      let prepared = false;
      try {
        await space.refuseWhenLow();
        await writer.write({
          sync: true,
          bytes: size,
          prepare() {
            prepared = true;
            count(1);
            const operations = values.map((value): Operation => {
              const key = keyOf('s', next);
              next += 1n;
              return { type: 'put', key, value };
            });
            return [...operations, putTotals()];
          },
          done() {
            oldest ??= new Date(now);
          },
          failed() {
            // What was really written is read when the store is opened anew.
            count(-1);
            prepared = false;
          },
        });
      } catch (error) {
        if (!prepared) reserved -= size;
        throw new SpoolUnwritableError(`the spool cannot be written: ${rootOf(error).message}`, error);
      }
    },
    async peek() {
      if (records === 0) return null;
      const [entries, keys]: [SpoolEntry[], Buffer[]] = [[], []];
      let size = 0;
      for await (const [key, value] of store.level.iterator({
        ...waiting,
        gt: removedTo,
        limit: pageRecords,
      })) {
        const entry = decodeEntry(value);
        if (entries.length > 0 && (entry.topic !== entries[0]?.topic || size + value.length > pageBytes))
          break;
        entries.push(entry);
        keys.push(key);
        size += value.length + keyBytes;
      }
      const [first] = entries;
      return first ? { topic: first.topic, entries, keys, bytes: size } : null;
    },
    async remove(page, refused) {
      const last = page.keys.at(-1) as Buffer;
      const [following] = await store.level.values({ ...waiting, gt: last, limit: 1 }).all();
      let freed = 0;
      await writer.write({
        sync: false,
        bytes: page.keys.length * keyBytes,
        prepare() {
          freed = page.bytes;
          const operations: Operation[] = page.keys.map((key) => ({ type: 'del', key }));
          for (const index of refused) {
            const { topic, record, time } = page.entries[index] as SpoolEntry;
            const key = keyOf('x', (page.keys[index] as Buffer).readBigUInt64BE(1));
            const value = encodeEntry(topic, record, time.getTime());
            // It goes on taking space until somebody has looked.
            freed -= value.length + keyBytes;
            operations.push({ type: 'put', key, value });
          }
          bytes -= freed;
          records -= page.keys.length;
          return [...operations, putTotals()];
        },
        failed() {
          bytes += freed;
          records += page.keys.length;
        },
      });
      removedTo = last;
      // What is there and was not a moment ago has just come.
      oldest = records === 0 ? null : following ? decodeEntry(following).time : new Date(clock());
      goneSinceCompaction += page.bytes;
      if (records > 0 || goneSinceCompaction < worthCompacting) return;
      goneSinceCompaction = 0;
      await store.level.compactRange(waiting.gt, waiting.lt);
    },
    async close() {
      await writer.close();
      await store.close();
    },
  };
}

const keyBytes = 9;
const totalsKey = Buffer.from('m');
const waiting = { gt: Buffer.from('s'), lt: Buffer.from('t') };

function keyOf(kind: 's' | 'x', number: bigint): Buffer {
  const key = Buffer.allocUnsafe(keyBytes);
  key.write(kind, 'latin1');
  key.writeBigUInt64BE(number, 1);
  return key;
}

function rootOf(error: unknown): Error {
  const { cause } = error as Error;
  return cause instanceof Error ? rootOf(cause) : (error as Error);
}
