import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { getVariableValues } from 'graphql';
import type { RouterContext } from '../context.ts';

/** Hands a subscription that may run to who will run it: the gateway plans subscriptions, and refuses to run them. */
export function acceptSubscription(): ApolloServerPlugin<RouterContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ source, document, operation, request, schema, contextValue }) {
          const { acceptSubscription: accept, identity } = contextValue;
          if (operation.operation !== 'subscription' || !accept) return null;
          const definitions = operation.variableDefinitions ?? [];
          const { coerced } = getVariableValues(schema, definitions, request.variables ?? {});
          // The gateway refuses them, in the words that it has for those of queries.
          if (!coerced) return null;
          accept({ source, document, operation, variables: coerced, identity });
          return {
            http: { status: undefined, headers: new HeaderMap() },
            body: { kind: 'single', singleResult: { data: {} } },
          };
        },
      };
    },
  };
}
