import { errors, types } from 'cassandra-driver';

/** Why there was no answer: a label for metrics. */
export type UnavailableReason = 'unreachable' | 'timeout' | 'too_few_replicas' | 'overloaded' | 'closed';

/** The cluster did not do what it was asked, and may do it later. A write may have been done all the same. */
export class CassandraUnavailableError extends Error {
  readonly reason: UnavailableReason;
  /** Whoever follows the event log waits, and tries again. */
  readonly transient = true;

  constructor(reason: UnavailableReason, cause?: unknown) {
    super(`Cassandra is not available: ${reason.replaceAll('_', ' ')}`, { cause });
    this.name = 'CassandraUnavailableError';
    this.reason = reason;
  }
}

/** What passes with time becomes a CassandraUnavailableError; what is wrong with the statement stays what it is. */
export function toUnavailable(error: unknown): unknown {
  const reason = reasonOf(error);
  return reason ? new CassandraUnavailableError(reason, error) : error;
}

function reasonOf(error: unknown): UnavailableReason | null {
  // Each node was tried; when they all gave the same kind of answer, that is the reason.
  if (error instanceof errors.NoHostAvailableError) {
    const reasons = new Set(Object.values(error.innerErrors ?? {}).map(reasonOf));
    const [only] = reasons;
    return reasons.size === 1 && only ? only : 'unreachable';
  }
  if (error instanceof errors.OperationTimedOutError) return 'timeout';
  if (error instanceof errors.BusyConnectionError) return 'overloaded';
  if (error instanceof errors.ResponseError) return reasonsByCode.get(error.code) ?? null;
  if (error instanceof errors.AuthenticationError) return null;
  return (error as { isSocketError?: boolean }).isSocketError ? 'unreachable' : null;
}

const { responseErrorCodes: code } = types;
const reasonsByCode = new Map<number, UnavailableReason>([
  [code.unavailableException, 'too_few_replicas'],
  [code.overloaded, 'overloaded'],
  [code.isBootstrapping, 'unreachable'],
  [code.truncateError, 'timeout'],
  [code.readTimeout, 'timeout'],
  [code.writeTimeout, 'timeout'],
  [code.readFailure, 'too_few_replicas'],
  [code.writeFailure, 'too_few_replicas'],
]);
