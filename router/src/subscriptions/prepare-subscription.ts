import type { GraphQLSchema } from 'graphql';
import type { AcceptedSubscription } from './accepted-subscription.ts';
import { type StreamOperation, toStreamOperation } from './stream-operation.ts';
import type { SubscriptionPlan, SubscriptionPlanner } from './subscription-plan.ts';

export interface PreparedSubscription {
  readonly operation: StreamOperation;
  readonly plan: SubscriptionPlan;
}

export type PrepareSubscription = (
  accepted: Pick<AcceptedSubscription, 'source' | 'document' | 'operation'>,
) => PreparedSubscription;

/** Plans subscriptions, each text once: the last `size` are remembered. */
export function createSubscriptionPreparation(
  planner: SubscriptionPlanner,
  schema: GraphQLSchema,
  size = 500,
): PrepareSubscription {
  const recent = new Map<string, PreparedSubscription>();
  return ({ source, document, operation }) => {
    const key = `${operation.name?.value ?? ''}\n${source}`;
    let prepared = recent.get(key);
    if (!prepared) {
      const streamOperation = toStreamOperation(document, operation, schema);
      prepared = { operation: streamOperation, plan: planner.plan(streamOperation.document) };
    }
    // The one that was used last is the last to be forgotten.
    recent.delete(key);
    recent.set(key, prepared);
    const [oldest] = recent.keys();
    if (recent.size > size && oldest !== undefined) recent.delete(oldest);
    return prepared;
  };
}
