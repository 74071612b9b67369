import type { ApolloServerPlugin } from '@apollo/server';
import { MedleyError } from '@medley/errors';
import type { RouterContext } from '../context.ts';
import { countListItems } from '../limits/list-items.ts';

/** Refuses an operation whose nested lists may hold more than `limit` items, before any of it runs. */
export function listItemsLimit(limit: number): ApolloServerPlugin<RouterContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (!operation) return;
          const requested = countListItems(schema, document, operation, request.variables);
          if (requested <= limit) return;
          throw new MedleyError(
            'COST_EXCEEDED',
            `The operation asks for up to ${requested} list items, at most ${limit} are allowed. Ask for smaller pages.`,
            { limit, requested },
          );
        },
      };
    },
  };
}
