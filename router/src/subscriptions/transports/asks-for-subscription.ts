import { type DocumentNode, getOperationAST, parse } from 'graphql';
import type { Limits } from '../../limits/limits.ts';

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
