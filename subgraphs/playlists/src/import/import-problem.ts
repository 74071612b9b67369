/** Where something is wrong in a source, and what. */
export interface ImportProblem {
  /** The file's name, without its folder. */
  readonly file: string;
  /** From 1: where the row begins. */
  readonly line: number;
  /** A clause that goes on after the place: `added must be …`. */
  readonly reason: string;
}

/** `playlist_tracks.csv:17: added must be …`. */
export function formatProblem({ file, line, reason }: ImportProblem): string {
  return `${file}:${line}: ${reason}`;
}

/** A row that cannot be imported; the message says why. */
export class RejectedRowError extends Error {}
