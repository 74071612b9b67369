/** A file of the archive. */
export interface ArchiveFile {
  /** From the root of the archive: `plays/date=2026-11-23/part-….parquet`. */
  readonly name: string;
  readonly bytes: number;
}

/** A file as it was when it was opened. */
export interface OpenArchiveFile {
  readonly byteLength: number;
  /**
   * @param end the byte after the last; to the end of the file when left out
   * @throws ArchiveUnavailableError
   */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  /** Safe to call twice. */
  close(): Promise<void>;
}

/** Where the archive is: a folder, or a bucket. Names have `/` between their parts. */
export interface ArchiveStore {
  /** For programs that read it by themselves: `file:///…`, `s3://bucket/prefix`. */
  readonly url: string;
  /**
   * Puts a file in its place. Whoever lists or opens it finds all of it or nothing, whatever happens meanwhile; a file of this name that
   * is there already is replaced. When it resolves the file survives the end of this process.
   * @throws ArchiveUnavailableError when that cannot be done just now: nothing is there then, or all of it
   */
  write(name: string, content: Uint8Array): Promise<void>;
  /**
   * The files below a folder, in the order of their names.
   * @param folder `plays/`
   * @param range folders: files in the first or behind it, and before the second, as texts compare
   * @throws ArchiveUnavailableError
   */
  list(
    folder: string,
    range?: { readonly from?: string; readonly before?: string },
  ): AsyncIterable<ArchiveFile>;
  /**
   * @returns null when there is no such file
   * @throws ArchiveUnavailableError
   */
  open(name: string): Promise<OpenArchiveFile | null>;
  /**
   * Removes what writes that were cut off left behind. Never a file of the archive, nor what is being written.
   * @returns how many
   */
  tidy(): Promise<number>;
  close(): Promise<void>;
}

/** The archive cannot be written or read just now: a full disk, missing rights, a bucket that does not answer. */
export class ArchiveUnavailableError extends Error {
  /** The same again, later, may well succeed. */
  readonly transient = true;

  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'ArchiveUnavailableError';
  }
}
