/** The log is away and the spool cannot take the records: they are nowhere, try again later. */
export class SpoolFullError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SpoolFullError';
  }
}

/** The same because of the disk, not of the bound. */
export class SpoolUnwritableError extends SpoolFullError {
  constructor(message: string, cause?: unknown) {
    super(message, cause);
    this.name = 'SpoolUnwritableError';
  }
}
