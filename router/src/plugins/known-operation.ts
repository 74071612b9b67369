import type { ApolloServerPlugin } from '@apollo/server';
import { badUserInput } from '@medley/errors';
import { type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import type { RouterContext } from '../context.ts';

/**
 * Refuses a request whose `operationName` names none of its operations, or that leaves open which one is meant, what the
 * graph has no root for, and what came by a transport that is not for it.
 */
export function knownOperation(): ApolloServerPlugin<RouterContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, operationName, document, request, schema, contextValue }) {
          contextValue.noteOperation(operationName);
          if (operation) return refuseUnserved(operation, schema, contextValue);
          const count = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
          throw badUserInput(
            request.operationName
              ? `The document has no operation named ${JSON.stringify(request.operationName.slice(0, 60))}.`
              : `The document has ${count} operations: operationName must say which one to run.`,
          );
        },
      };
    },
  };
}

function refuseUnserved(
  { operation }: OperationDefinitionNode,
  schema: GraphQLSchema,
  { acceptSubscription }: RouterContext,
): void {
  if (!schema.getRootType(operation)) {
    throw badUserInput(`Operations of the type ${operation} are not served here.`);
  }
  if (operation === 'subscription' && !acceptSubscription) {
    throw badUserInput(
      'Subscriptions are served over WebSocket (graphql-transport-ws), and to a POST that accepts text/event-stream or multipart/mixed.',
    );
  }
  if (operation !== 'subscription' && acceptSubscription) {
    throw badUserInput(`Expected a subscription, got a ${operation}.`);
  }
}
