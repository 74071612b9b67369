/** Where something is wrong in a source, and what. */
export interface ImportProblem {
  /** The file's name, without its folder. */
  readonly file: string;
  /** From 1: where the row begins. */
  readonly line: number;
  /** Of a JSON array: which of its items, from 0. */
  readonly item?: number;
  /** A clause that goes on after the place: `duration_s must be …`. */
  readonly reason: string;
}

/** `tracks.csv:17: duration_s must be …`, `markets.json:1 (item 3): …`. */
export function formatProblem({ file, line, item, reason }: ImportProblem): string {
  return `${file}:${line}${item === undefined ? '' : ` (item ${item})`}: ${reason}`;
}

/** A row that cannot be imported; the message says why. */
export class RejectedRowError extends Error {}
