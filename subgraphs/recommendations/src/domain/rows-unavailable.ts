/** The copy of the catalog, or models, cannot be read just now. The message is for logs: it may hold addresses. */
export class RowsUnavailableError extends Error {
  constructor(cause: unknown) {
    super(`rows are not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'RowsUnavailableError';
  }
}
