import { operationFromDocument, type Schema, Supergraph } from '@apollo/federation-internals';
import { buildOperationContext, type executeQueryPlan } from '@apollo/gateway';
import { type FetchNode, type PlanNode, type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { SubgraphRequest } from '../subgraph-caller.ts';

/** How a subscription runs. */
export interface SubscriptionPlan {
  /** The subgraph whose events these are. */
  readonly subgraph: string;
  /** What it is asked for. */
  toRequest(variables: Readonly<Record<string, unknown>>): SubgraphRequest;
  /** What runs for each event: a fetch from `eventSource`, which gives the event, and then the rest. */
  readonly queryPlan: QueryPlan;
  readonly operationContext: ReturnType<typeof buildOperationContext>;
}

/** Stands for the subgraph in the part of a plan that an event has answered already. */
export const eventSource = ' event';

export interface SubscriptionPlanner {
  readonly apiSchema: Schema;
  readonly supergraphSchema: Parameters<typeof executeQueryPlan>[4];
  /** @param document with one operation, a subscription that is valid */
  plan(document: DocumentNode): SubscriptionPlan;
}

/**
 * Plans subscriptions as the gateway plans queries. It has a planner of its own, as that of the gateway is not to be had.
 * @param schema what clients see of the supergraph
 */
export function createSubscriptionPlanner(supergraphSdl: string, schema: GraphQLSchema): SubscriptionPlanner {
  // The gateway has validated it.
  const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: false });
  const apiSchema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph);
  return {
    apiSchema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    plan(document) {
      const { node } = planner.buildQueryPlan(operationFromDocument(apiSchema, document));
      if (node?.kind !== 'Subscription') throw new Error(`a subscription was planned as ${node?.kind}`);
      const { primary, rest } = node;
      return {
        subgraph: primary.serviceName,
        toRequest: (variables) => ({
          query: primary.operation,
          operationName: primary.operationName,
          variables: pick(variables, primary),
        }),
        queryPlan: { kind: 'QueryPlan', node: afterEvent(primary, rest) },
        operationContext: buildOperationContext({ schema, operationDocument: document }),
      };
    },
  };
}

function afterEvent(primary: FetchNode, rest: PlanNode | undefined): PlanNode {
  const event: PlanNode = { ...primary, serviceName: eventSource };
  return rest ? { kind: 'Sequence', nodes: [event, rest] } : event;
}

function pick(variables: Readonly<Record<string, unknown>>, { variableUsages = [] }: FetchNode) {
  const names = variableUsages.filter((name) => Object.hasOwn(variables, name));
  return Object.fromEntries(names.map((name) => [name, variables[name]]));
}
