import type { Meilisearch } from 'meilisearch';
import { type DocumentKind, documentKinds } from '../../domain/search-document.ts';
import type { IndexState, Positions } from '../../domain/search-index.ts';
import type { IndexNames } from './index-names.ts';
import { asking, isMissingIndex } from './server.ts';

/** What the index `state` holds: one document about the index itself, and one for each source. */
export type StateDocument =
  | { readonly id: typeof about; readonly generation: string; readonly builtAt: string }
  | { readonly id: string; readonly source: string; readonly position: string };

export const about = 'index';

export function aboutDocument(generation: string, builtAt: Date): StateDocument {
  return { id: about, generation, builtAt: builtAt.toISOString() };
}

/** A document each, so that the position of one source is noted without those of others. */
export function positionDocuments(positions: Positions): StateDocument[] {
  return Object.entries(positions).map(([source, position]) => ({
    id: `position-${source}`,
    source,
    position,
  }));
}

/** @throws IndexUnavailableError */
export async function readState(server: Meilisearch, names: IndexNames): Promise<IndexState> {
  const [documents, stats] = await Promise.all([
    readDocuments(server, names),
    asking(() => server.getStats()),
  ]);
  let generation: string | null = null;
  let builtAt: Date | null = null;
  const positions: Record<string, string> = {};
  for (const document of documents) {
    if ('generation' in document) {
      generation = document.generation;
      builtAt = new Date(document.builtAt);
    } else {
      positions[document.source] = document.position;
    }
  }
  const count = (kind: DocumentKind) => stats.indexes[names.live(kind)]?.numberOfDocuments ?? 0;
  const counts = Object.fromEntries(documentKinds.map((kind) => [kind, count(kind)]));
  return { generation, builtAt, counts: counts as Record<DocumentKind, number>, positions };
}

async function readDocuments(server: Meilisearch, names: IndexNames): Promise<StateDocument[]> {
  try {
    const index = server.index<StateDocument>(names.live('state'));
    return (await asking(() => index.getDocuments({ limit: 100 }))).results;
  } catch (error) {
    if (isMissingIndex(error)) return [];
    throw error;
  }
}
