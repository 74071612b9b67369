import type { ApolloServerPlugin } from '@apollo/server';
import { badUserInput } from '@medley/errors';
import { Kind } from 'graphql';
import type { RouterContext } from '../context.ts';

/**
 * Refuses a request whose `operationName` names none of its operations, or that leaves open which one is meant, and what
 * the graph has no root for.
 */
export function knownOperation(): ApolloServerPlugin<RouterContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, operationName, document, request, schema, contextValue }) {
          contextValue.noteOperation(operationName);
          if (operation) {
            const served = operation.operation !== 'subscription' && schema.getRootType(operation.operation);
            if (served) return;
            throw badUserInput(`Operations of the type ${operation.operation} are not served here.`);
          }
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
