import { z } from 'zod';
import { audioQualities } from '../domain/audio-quality.ts';
import type { CatalogFacts, TrackFacts } from '../domain/facts.ts';
import { createFactsReader, type FactsSource } from './facts-reader.ts';

/** Track facts from the catalog subgraph. */
export function createLinkCatalogFacts(source: FactsSource): CatalogFacts {
  return { findByIds: createFactsReader(source, { subgraph: 'catalog', query, entry }) };
}

const query = `query StreamingTrackFacts($ids: [ID!]!) {
  entries: trackPlaybackFacts(ids: $ids) { ...Release alternatives { ...Release } }
}
fragment Release on TrackPlaybackFacts {
  id withdrawn releasedAt availableMarkets availableMarketsUntil explicit durationMs encodings version
}`;

const moment = z.iso
  .datetime()
  .transform((text) => new Date(text))
  .nullable();
const release = z.object({
  id: z.string(),
  withdrawn: z.boolean(),
  releasedAt: moment,
  availableMarkets: z.array(z.string().regex(/^[A-Z]{2}$/)),
  availableMarketsUntil: moment,
  explicit: z.boolean(),
  durationMs: z.number().int().nonnegative(),
  // The catalog may learn a quality before we do; one that we do not know cannot be granted.
  encodings: z
    .array(z.string())
    .transform((names) => audioQualities.filter((quality) => names.includes(quality))),
  version: z.number().int().positive(),
});
const entry: z.ZodType<TrackFacts> = release.extend({ alternatives: z.array(release) });
