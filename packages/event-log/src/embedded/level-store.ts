import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@medley/service';
import { ClassicLevel } from 'classic-level';
import { LogUnavailableError } from '../errors.ts';

export type Level = ClassicLevel<Buffer, Buffer>;

export type Operation =
  | { readonly type: 'put'; readonly key: Buffer; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: Buffer };

/** A LevelDB that opens itself anew after a write that failed: where that write ended in its journal nobody knows. */
export interface LevelStore {
  /** @throws LogUnavailableError while it is closed or being opened anew */
  readonly level: Level;
  /**
   * All or nothing.
   * @param sync whether it must survive the loss of power, not only of the process
   * @throws LogUnavailableError when it is not known to be written
   */
  write(operations: readonly Operation[], sync: boolean): Promise<void>;
  /** Writes under way must have ended. */
  close(): Promise<void>;
}

export interface LevelStoreOptions {
  readonly folder: string;
  /** What the folder holds, for messages: `the event log`. */
  readonly what: string;
  /** Reads what is kept in memory; also after it was opened anew. */
  readonly load: (level: Level) => Promise<void>;
  readonly logger: Logger;
}

/** @throws Error when the folder cannot be opened, or is open in another process */
export async function openLevelStore({ folder, what, load, logger }: LevelStoreOptions): Promise<LevelStore> {
  let level: Level | null = await open(folder, what);
  let closed = false;
  let reopening: Promise<void> | null = null;
  const closing = new AbortController();
  try {
    await load(level);
  } catch (error) {
    await level.close();
    throw error;
  }

  async function reopen(broken: Level) {
    await broken.close().catch(() => {});
    for (let pauseMs = 100; !closed; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      let opened: Level | null = null;
      try {
        opened = await open(folder, what);
        await load(opened);
        if (closed) break;
        level = opened;
        logger.warn({ folder }, `${what} is open again`);
        return;
      } catch (error) {
        await opened?.close().catch(() => {});
        logger.error({ err: error, folder }, `${what} cannot be opened`);
      }
      await pause(pauseMs, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  function use(): Level {
    if (closed) throw new LogUnavailableError(`${what} is closed`);
    if (!level) throw new LogUnavailableError(`${what} is being opened anew after a failed write`);
    return level;
  }

  return {
    get level() {
      return use();
    },
    async write(operations, sync) {
      const used = use();
      try {
        await used.batch([...operations], { sync });
      } catch (error) {
        logger.error({ err: error, folder }, `${what} cannot be written`);
        if (level === used) {
          level = null;
          reopening = reopen(used);
        }
        throw new LogUnavailableError(`${what} cannot be written`, error);
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      closing.abort();
      await reopening;
      await level?.close();
    },
  };
}

async function open(folder: string, what: string): Promise<Level> {
  const level: Level = new ClassicLevel<Buffer, Buffer>(folder, {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    writeBufferSize: 8_388_608,
  });
  try {
    await level.open();
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    const locked = cause?.code === 'LEVEL_LOCKED';
    throw new Error(
      locked
        ? `${what} in ${folder} is open already, in this process or another: only one can have it`
        : `${what} in ${folder} cannot be opened: ${cause?.message ?? (error as Error).message}`,
      { cause: error },
    );
  }
  return level;
}
