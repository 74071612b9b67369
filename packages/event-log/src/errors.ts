/** The log did not confirm in time. What was to be appended may be there all the same: append the same again. */
export class LogUnavailableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LogUnavailableError';
  }
}

/** A record that no log will ever take. */
export class RecordTooLargeError extends Error {
  constructor(bytes: number, limit: number) {
    super(`a record has at most ${limit} bytes with its key and headers, got ${bytes}`);
    this.name = 'RecordTooLargeError';
  }
}

/** There is no such topic. */
export class UnknownTopicError extends Error {
  constructor(topic: string) {
    super(`there is no topic ${JSON.stringify(topic)}`);
    this.name = 'UnknownTopicError';
  }
}

/** Positions of a group cannot be set while it consumes. */
export class GroupActiveError extends Error {
  constructor(group: string) {
    super(`the group ${JSON.stringify(group)} is consuming: stop its consumers first`);
    this.name = 'GroupActiveError';
  }
}
