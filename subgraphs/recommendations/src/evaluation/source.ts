import type { Interactions } from '../models/index.ts';
import type { BrokenRows } from './broken-rows.ts';

/** What is evaluated: a table that was read. */
export interface Source {
  readonly interactions: Interactions;
  /** Rows that were read and used. */
  readonly rows: number;
  readonly broken: BrokenRows;
  /** What was read as what, for people. */
  readonly how: string;
  /** What a user and an item are here, in the plural. */
  readonly users: string;
  readonly items: string;
}

/** How reading is watched and stopped. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

// Reading looks so often whether it should stop.
export const rowsBetweenLooks = 65_536;
