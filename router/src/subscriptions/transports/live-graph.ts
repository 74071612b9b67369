import type { Identity } from '@medley/identity';
import type { Logger } from '@medley/service';
import { type DocumentNode, getOperationAST, parse } from 'graphql';
import type { ReadVisitor } from '../../identity/read-identity.ts';
import type { Limits } from '../../limits/limits.ts';
import type { HandleOperation } from '../../operation-handler.ts';
import type { StreamDoor } from './stream-door.ts';

/** What the transports of streams need of a graph. */
export interface LiveGraph {
  /** Runs queries and mutations. */
  readonly handle: HandleOperation;
  /** Runs subscriptions. */
  readonly door: StreamDoor;
  readonly readVisitor: ReadVisitor;
  readonly limits: Pick<Limits, 'bodyBytes' | 'tokens'>;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Whether a request asks for a subscription. What cannot be read is none: who runs queries says what is wrong with it. */
export function asksForSubscription(body: unknown, { tokens }: Pick<Limits, 'tokens'>): boolean {
  const { query, operationName } = (body ?? {}) as { query?: unknown; operationName?: unknown };
  // Most are none, and need not be read for it.
  if (typeof query !== 'string' || !query.includes('subscription')) return false;
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens: tokens, noLocation: true });
  } catch {
    return false;
  }
  const name = typeof operationName === 'string' ? operationName : undefined;
  return getOperationAST(document, name)?.operation === 'subscription';
}

/** Whether what somebody was told with one credential may be told him with another too: with fewer scopes or another filter it may not. */
export function allowsAsMuch(identity: Identity, before: Identity): boolean {
  const scopes = scopesOf(identity);
  return (
    identity.market === before.market &&
    identity.explicit === before.explicit &&
    scopesOf(before).every((scope) => scopes.includes(scope))
  );
}

const scopesOf = ({ actor }: Identity) => ('scopes' in actor ? actor.scopes : []);

/** Who it is, whatever the scopes, the session and the address: equal for equal accounts. */
export function accountOf({ actor }: Identity): string {
  switch (actor.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'app':
      return JSON.stringify(['app', actor.id, actor.viewerId]);
    default:
      return JSON.stringify([actor.kind, actor.id]);
  }
}
