import type { Logger } from '@medley/service';
import type { ReadVisitor } from '../../identity/read-identity.ts';
import type { Limits } from '../../limits/limits.ts';
import type { HandleOperation } from '../../operation-handler.ts';
import type { AdmitStream } from './stream-admission.ts';

/** What the transports of streams need of a graph. */
export interface LiveGraph {
  /** Runs queries and mutations. */
  readonly handle: HandleOperation;
  /** Runs subscriptions. */
  readonly admitStream: AdmitStream;
  readonly readVisitor: ReadVisitor;
  readonly limits: Pick<Limits, 'bodyBytes' | 'tokens'>;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}
