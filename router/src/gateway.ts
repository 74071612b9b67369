import { ApolloGateway } from '@apollo/gateway';
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { Logger } from '@medley/service';
import type { GraphQLSchema } from 'graphql';
import type { SubgraphCaller } from './subgraph-caller.ts';
import { createSubgraphDataSource } from './subgraph-data-source.ts';
import { completeValues } from './value-completion.ts';
import { type PlanSubscription, warmPlans } from './warm-plans.ts';

export type Gateway = NonNullable<ApolloServerOptions<BaseContext>['gateway']>;
export type GatewayExecutor = ApolloGateway['executor'];

export interface LoadedGateway {
  readonly gateway: Gateway;
  readonly execute: GatewayExecutor;
  /** What clients see of the supergraph. Throws before it is loaded. */
  readSchema(): GraphQLSchema;
  warm(operations: readonly string[], planSubscription?: PlanSubscription): Promise<void>;
}

/**
 * Plans operations over the supergraph and runs them through the callers. `warm` plans ahead, once it is loaded.
 * @param supergraphSdl composed; it does not change while the process lives
 */
export function createGateway({
  supergraphSdl,
  callers,
  logger,
}: {
  supergraphSdl: string;
  callers: Readonly<Record<string, SubgraphCaller>>;
  logger: Logger;
}): LoadedGateway {
  // biome-ignore lint/style/noProcessEnv: @apollo/gateway sends telemetry unless this switch says no; it has no option
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const apollo = new ApolloGateway({
    supergraphSdl,
    buildService({ name }) {
      const caller = callers[name];
      if (!caller) throw new Error(`the supergraph has a subgraph "${name}" that the router has no link to`);
      return createSubgraphDataSource(caller);
    },
    // Else any client may ask for query plans where NODE_ENV is not "production".
    __exposeQueryPlanExperimental: false,
    logger: logger.child({ part: 'gateway' }, { level: 'warn' }),
  });
  let schema: GraphQLSchema | undefined;
  apollo.onSchemaLoadOrUpdate(({ apiSchema }) => {
    schema = apiSchema;
  });
  const execute: GatewayExecutor = async (request) =>
    completeValues(await apollo.executor(request)) as Awaited<ReturnType<GatewayExecutor>>;
  const readSchema = () => {
    if (!schema) throw new Error('the supergraph is not loaded yet');
    return schema;
  };
  return {
    execute,
    readSchema,
    warm: (operations, planSubscription) => warmPlans(execute, readSchema(), operations, planSubscription),
    gateway: {
      onSchemaLoadOrUpdate: (callback) => apollo.onSchemaLoadOrUpdate(callback),
      load: async (options) => {
        await apollo.load(options);
        return { executor: execute };
      },
      stop: () => apollo.stop(),
    } as Gateway,
  };
}
