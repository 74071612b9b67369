import type { ApolloServerPlugin } from '@apollo/server';
import { MedleyError } from '@medley/errors';
import type { RouterContext } from '../context.ts';
import { estimateCost } from '../limits/cost.ts';
import type { Limits } from '../limits/limits.ts';

/** Refuses an operation whose answer may hold too many list items or values, before any of it runs. */
export function costLimit(limits: Pick<Limits, 'listItems' | 'values'>): ApolloServerPlugin<RouterContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (!operation) return;
          const cost = estimateCost(schema, document, operation, request.variables);
          refuseBeyond(limits.listItems, cost.listItems, 'list items', 'Ask for smaller pages.');
          refuseBeyond(limits.values, cost.values, 'values', 'Ask for smaller pages or fewer fields.');
        },
      };
    },
  };
}

function refuseBeyond(limit: number, requested: number, what: string, advice: string): void {
  if (requested <= limit) return;
  throw new MedleyError(
    'COST_EXCEEDED',
    `The operation asks for up to ${requested} ${what}, at most ${limit} are allowed. ${advice}`,
    { limit, requested },
  );
}
