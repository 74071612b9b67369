import { z } from 'zod';
import type { AccountFacts, ViewerFacts } from '../domain/facts.ts';
import { tiers } from '../domain/tier.ts';
import { createFactsReader, type FactsSource } from './facts-reader.ts';

/** Account facts from the users subgraph. */
export function createLinkAccountFacts(source: FactsSource): AccountFacts {
  return { findByIds: createFactsReader(source, { subgraph: 'users', query, entry }) };
}

const query = `query StreamingAccountFacts($ids: [ID!]!) {
  entries: accountPlaybackFacts(ids: $ids) { id tier country allowsExplicit active version }
}`;

const entry: z.ZodType<ViewerFacts> = z.object({
  id: z.string(),
  tier: z.enum(tiers),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
  allowsExplicit: z.boolean(),
  active: z.boolean(),
  version: z.number().int().positive(),
});
