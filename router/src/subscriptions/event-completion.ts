import { executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway';
import type { Logger } from '@medley/service';
import type { GraphQLFormattedError } from 'graphql';
import type { Asker } from '../context.ts';
import type { SubgraphCaller } from '../subgraph-caller.ts';
import { createSubgraphDataSource, toTrustedError } from '../subgraph-data-source.ts';
import { completeValues } from '../value-completion.ts';
import { maskErrors, toStreamedResult } from './streamed-result.ts';
import type { StreamedResult } from './subscription-handler.ts';
import { eventSource, type SubscriptionPlan, type SubscriptionPlanner } from './subscription-plan.ts';

/** A result of a subgraph, parsed. */
export interface EventResult {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/**
 * Makes of an event what its subscription asks for, across subgraphs. Never rejects.
 * @param event belongs to the completion from now on
 * @param asker with the deadline of this completion
 */
export type CompleteEvent = (
  plan: SubscriptionPlan,
  variables: Readonly<Record<string, unknown>>,
  event: EventResult,
  asker: Asker,
) => Promise<StreamedResult>;

export function createEventCompletion({
  planner,
  callers,
  logger,
}: {
  planner: SubscriptionPlanner;
  callers: Readonly<Record<string, SubgraphCaller>>;
  logger: Logger;
}): CompleteEvent {
  const sources: Record<string, GraphQLDataSource> = { [eventSource]: { process: readEvent } };
  for (const [name, caller] of Object.entries(callers)) sources[name] = createSubgraphDataSource(caller);

  async function run(
    plan: SubscriptionPlan,
    variables: Readonly<Record<string, unknown>>,
    event: EventResult,
    asker: Asker,
  ) {
    const request = {
      request: { variables },
      context: { ...asker, event },
      logger,
      metrics: {},
      overallCachePolicy: { restrict() {} },
    };
    const { operationContext, queryPlan } = plan;
    const result = await executeQueryPlan(
      queryPlan,
      sources,
      request as never,
      operationContext,
      planner.supergraphSchema,
      planner.apiSchema,
    );
    return completeValues(result as Parameters<typeof completeValues>[0]);
  }

  return async (plan, variables, event, asker) => {
    const { requestId } = asker;
    try {
      const { data, errors = [] } = await run(plan, variables, event, asker);
      return toStreamedResult({ data, errors: maskErrors(errors, requestId, logger) }, requestId);
    } catch (error) {
      return toStreamedResult({ data: null, errors: maskErrors([error], requestId, logger) }, requestId);
    }
  };
}

type Process = GraphQLDataSource['process'];

const readEvent: Process = async ({ context }) => {
  const { data, errors = [] } = (context as { event: EventResult }).event;
  return { data, ...(errors.length > 0 && { errors: errors.map(toTrustedError) }) };
};
