import { requireScope } from '@medley/subgraph';
import type { Context } from '../context.ts';

/**
 * A root field for those with the scope `analytics:read`. The router asks for it by the schema before anything runs; here it is asked
 * again.
 */
export const forAnalysts =
  <Given, Answer>(answer: (given: Given, context: Context) => Answer) =>
  (_parent: unknown, given: Given, context: Context): Answer => {
    requireScope(context.request, 'analytics:read');
    return answer(given, context);
  };
