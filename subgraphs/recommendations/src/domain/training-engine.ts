/**
 * Who played what, and how often, on disk, where every engine reads it alike. A table is a folder of Parquet files, `*.parquet`, that
 * make one table when they are read in the order of their names; no column has nulls.
 *
 * Columns: `user` INT32, `item` INT32, `count` FLOAT. Sorted by user, then by item; no pair is twice. A count is finite and more than 0;
 * methods weigh it by `ln(1 + count)`.
 */
export interface InteractionTable {
  readonly folder: string;
  /** Users are numbered from 0 to before this; some may have no row. */
  readonly userCount: number;
  /** Likewise. */
  readonly itemCount: number;
  /** How many rows it has. */
  readonly entries: number;
}

/**
 * What goes with what. Columns: `item` INT32, `other` INT32, `similarity` FLOAT. Sorted by item; then the most similar first, of equals
 * the smaller `other` first. No item is its own neighbour, a similarity is finite and more than 0, what has no neighbours has no row.
 */
export interface NeighbourTable {
  readonly folder: string;
}

/** What items are like. Columns: `item` INT32, then `f0`, `f1` … FLOAT, as many as the rank. Sorted by item; what nobody played has no row. */
export interface FactorTable {
  readonly folder: string;
  readonly rank: number;
}

/** How neighbours are found; the formulas are those of `models/item-knn.ts` and `models/rp3beta.ts`. */
export type NeighbourMethod = {
  /** How many an item has at most. */
  readonly neighbours: number;
  /** Only the most played items of a user count: those with the highest count, of equals the smaller ones. */
  readonly maxItemsPerUser: number;
} & ({ readonly name: 'item-knn' } | { readonly name: 'rp3beta'; readonly beta: number });

/** Implicit ALS with ratings of `ln(1 + count)`; the parameters mean what they mean to Spark's `ALS(implicitPrefs=True)`. */
export interface FactorMethod {
  readonly name: 'als';
  readonly rank: number;
  readonly alpha: number;
  readonly regularisation: number;
  readonly iterations: number;
  readonly seed: number;
}

/** One computation of an engine. */
export interface EngineRun {
  /**
   * Where it writes, and nobody else; it is made when it is not there. The table is `table` in it, and is there in whole or not at all
   * (written beside, then renamed). What else is in it is the engine's own, for going on after an interruption.
   */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** How much is done, 0 to 1; never less than before. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Computes what a model is made of. Called once more with the same arguments, whenever it was interrupted and however hard, it comes to
 * the same; when the table is there already it answers at once. It keeps nothing in memory between two calls.
 * @throws the reason of the signal when that was aborted; TrainingEngineError for what the machinery could not do
 */
export interface TrainingEngine {
  /** As models are told to be made by: `embedded`, `spark`. */
  readonly name: string;
  makeNeighbours(table: InteractionTable, method: NeighbourMethod, run: EngineRun): Promise<NeighbourTable>;
  /** Factors of the same seed are the same from one engine; two engines come to others of the same use. */
  makeFactors(table: InteractionTable, method: FactorMethod, run: EngineRun): Promise<FactorTable>;
  /** Lets go of the processes that it started. */
  close(): Promise<void>;
}

/** The machinery failed: no memory, no such program, a job that ended with an error. */
export class TrainingEngineError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TrainingEngineError';
  }
}
