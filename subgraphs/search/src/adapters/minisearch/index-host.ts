import { randomUUID } from 'node:crypto';
import { NothingBuiltError } from '../../domain/search-index.ts';
import { EmbeddedIndex } from './embedded-index.ts';
import type { Calls, LogLine, WorkerData } from './messages.ts';
import { loadSnapshot, saveSnapshot } from './snapshot.ts';

export interface IndexHostOptions extends WorkerData {
  log(level: LogLine['level'], message: string, facts?: LogLine['facts']): void;
}

export interface IndexHost {
  /** @param deadline in milliseconds since 1970; what comes up later is not done */
  answer(call: keyof Calls, given: readonly unknown[], deadline: number): Promise<unknown>;
}

/** A write to a fresh index that was thrown away. */
export class DiscardedError extends Error {
  constructor() {
    super('This rebuild was thrown away: another one was begun after it');
    this.name = 'DiscardedError';
  }
}

/** Keeps the index that answers and the one that is being built, and saves the former every now and then. */
export function createIndexHost({ folder, snapshotIntervalMs, life, log }: IndexHostOptions): IndexHost {
  let live = new EmbeddedIndex();
  let fresh: { readonly number: number; readonly index: EmbeddedIndex } | null = null;
  let rebuilds = 0;
  let changed = false;
  const loaded = load();
  /** Changes and snapshots one after another; searches need not wait, except for what is on disk. */
  let turn: Promise<unknown> = loaded;
  const timer = folder === null ? null : setInterval(() => inTurn(save), snapshotIntervalMs);

  const reading: Pick<Calls, 'search' | 'suggest' | 'readState'> = {
    search: (queries) => live.search(queries),
    suggest: (query) => live.suggest(query),
    readState: () => live.readState(),
  };
  const writing: {
    [Call in Exclude<keyof Calls, keyof typeof reading>]: (...given: Parameters<Calls[Call]>) => unknown;
  } = {
    readStateInTurn: () => live.readState(),
    write(changes) {
      if (live.generation === null) throw new NothingBuiltError();
      live.write(changes);
      changed = true;
    },
    beginRebuild() {
      rebuilds += 1;
      fresh = { number: rebuilds, index: new EmbeddedIndex() };
      return rebuilds;
    },
    writeFresh: (number, changes) => freshIndex(number).write(changes),
    async swap(number) {
      const index = freshIndex(number);
      index.generation = randomUUID();
      index.builtAt = new Date();
      live = index;
      fresh = null;
      changed = true;
      await save();
    },
    discard(number) {
      if (fresh?.number === number) fresh = null;
    },
    async close() {
      if (timer) clearInterval(timer);
      await save();
    },
    ping() {},
  };

  function freshIndex(number: number): EmbeddedIndex {
    if (fresh?.number !== number) throw new DiscardedError();
    return fresh.index;
  }

  async function load(): Promise<void> {
    if (folder === null) return;
    const startedAt = performance.now();
    try {
      const index = await loadSnapshot(folder);
      if (!index) return;
      live = index;
      // It may lack what was written since: who knows the generation by that name must not take it for the same.
      if (life > 1) live.generation = `${live.generation}-${life}`;
      const { counts, generation } = index.readState();
      log('info', 'search index loaded', {
        counts,
        generation,
        durationMs: Math.round(performance.now() - startedAt),
      });
    } catch (error) {
      log('warn', 'search index on disk cannot be used and has to be built again', { reason: String(error) });
    }
  }

  /** An index that cannot be saved goes on answering; it will have to catch up after the next start. */
  async function save(): Promise<void> {
    if (folder === null || !changed) return;
    try {
      await saveSnapshot(live, folder);
      changed = false;
    } catch (error) {
      log('error', 'search index could not be saved', { reason: String(error) });
    }
  }

  function inTurn<Result>(run: () => Result): Promise<Awaited<Result>> {
    const result = turn.then(run) as Promise<Awaited<Result>>;
    turn = result.catch(() => undefined);
    return result;
  }

  return {
    async answer(call, given, deadline) {
      await loaded;
      if (Date.now() > deadline) throw new Error('nobody waits for this any longer');
      const run = { ...reading, ...writing }[call] as (...all: readonly unknown[]) => unknown;
      return call in reading ? run(...given) : inTurn(() => run(...given));
    },
  };
}
