/** A source of which nothing can be read: it is not there, or not what was expected. The message says which, and how. */
export class UnusableSourceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnusableSourceError';
  }
}
