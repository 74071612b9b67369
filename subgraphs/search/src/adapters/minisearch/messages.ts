import type { SearchDocument } from '../../domain/search-document.ts';
import type {
  IndexChanges,
  IndexedHit,
  IndexState,
  SearchPage,
  SearchQuery,
  SuggestQuery,
} from '../../domain/search-index.ts';

/** What the worker with the index can be asked, and what it answers. */
export interface Calls {
  search(queries: readonly SearchQuery[]): readonly SearchPage[];
  suggest(query: SuggestQuery): readonly IndexedHit[];
  /** As it is at once, also while changes wait for a snapshot. */
  readState(): IndexState;
  /** As it is after what was asked for before. */
  readStateInTurn(): IndexState;
  write(changes: PackedChanges): void;
  /** @returns the number of the fresh index */
  beginRebuild(): number;
  writeFresh(fresh: number, changes: PackedChanges): void;
  swap(fresh: number): void;
  discard(fresh: number): void;
  close(): void;
  ping(): void;
}

export interface Request {
  readonly id: number;
  readonly call: keyof Calls;
  readonly arguments: readonly unknown[];
  /** In milliseconds since 1970: nobody waits for the answer any longer. */
  readonly deadline: number;
}

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure; readonly message: string };

/** `nothing-built`, `discarded`: see the errors of the port. */
export type Failure = 'nothing-built' | 'discarded' | 'failed';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What the worker is started with. */
export interface WorkerData {
  /** Null: the index is kept in memory only. */
  readonly folder: string | null;
  readonly snapshotIntervalMs: number;
  /** 1 for the first thread, more for each one that had to be started again. */
  readonly life: number;
}

/** Changes on their way to the worker. */
export interface PackedChanges extends Omit<IndexChanges, 'put'> {
  readonly put: readonly SearchDocument[];
}

/**
 * Lets equal sets of markets be one array, which is then copied once: a thousand documents repeat some hundred country
 * codes each.
 */
export function packChanges({ put, remove, positions }: IndexChanges): PackedChanges {
  const sets = new Map<string, readonly string[]>();
  const shared = (markets: readonly string[]) => {
    const key = markets.join();
    const known = sets.get(key) ?? markets;
    sets.set(key, known);
    return known;
  };
  return {
    put: put.map((document) => ({ ...document, markets: document.markets && shared(document.markets) })),
    remove,
    positions,
  };
}
