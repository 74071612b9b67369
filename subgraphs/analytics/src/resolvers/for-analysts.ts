import { requireScope } from '@medley/subgraph';
import type { Context } from '../context.ts';

/**
 * A root field for those with the scope `analytics:read`. The router asks for it by the schema before anything runs; here it is asked
 * again. Few are answered at once: what analysts ask takes no connection from who counts, or looks at a chart.
 */
export const forAnalysts =
  <Given, Answer>(answer: (given: Given, context: Context) => Promise<Answer>) =>
  async (_parent: unknown, given: Given, context: Context): Promise<Answer> => {
    requireScope(context.request, 'analytics:read');
    return context.analysts(() => answer(given, context));
  };
