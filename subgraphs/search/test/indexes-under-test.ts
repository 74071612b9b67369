import { randomUUID } from 'node:crypto';
import { silentLogger } from '@medley/testing';
import { createMeilisearchIndex } from '../src/adapters/meilisearch-index.ts';
import { openMiniSearchIndex } from '../src/adapters/minisearch-index.ts';
import type { DocumentKind, SearchDocument } from '../src/domain/search-document.ts';
import type {
  IndexedHit,
  IndexWriter,
  SearchFilter,
  SearchIndex,
  SearchQuery,
} from '../src/domain/search-index.ts';

export interface IndexUnderTest {
  readonly index: SearchIndex;
  readonly writer: IndexWriter;
  close(): Promise<void>;
}

async function openMiniSearch(): Promise<IndexUnderTest> {
  return openMiniSearchIndex({ folder: null, logger: silentLogger, timeoutMs: 20_000 });
}

/** On the server that the tests share: what it writes is taken away at the end. */
async function openMeilisearch(url: string): Promise<IndexUnderTest> {
  const apiKey = process.env.MEILISEARCH_API_KEY;
  const prefix = `test_${randomUUID()}_`;
  const meilisearch = createMeilisearchIndex({ url, apiKey, prefix, timeoutMs: 20_000 });
  return { ...meilisearch, close: () => meilisearch.remove() };
}

const { MEILISEARCH_URL } = process.env;
if (!MEILISEARCH_URL) console.info('SearchIndex: Meilisearch is left out, as MEILISEARCH_URL is not set.');

/** Each implementation, by its name: what opens an index of its own, in which nothing was built. */
export const implementations: readonly (readonly [string, () => Promise<IndexUnderTest>])[] = [
  ['MiniSearch', openMiniSearch],
  ...(MEILISEARCH_URL ? [['Meilisearch', () => openMeilisearch(MEILISEARCH_URL)] as const] : []),
];

/** Builds an index of these documents and puts it in place. */
export async function build(
  writer: IndexWriter,
  documents: readonly SearchDocument[],
  positions: Readonly<Record<string, string>> = {},
): Promise<void> {
  const fresh = await writer.beginRebuild();
  await fresh.write({ put: documents, remove: [], positions });
  await fresh.swap();
}

export const everyone = { market: null, explicit: true } as const;
export const noFilter: SearchFilter = { genreId: null, decades: null, explicit: null };

export function aQuery(kind: DocumentKind, text: string, rest: Partial<SearchQuery> = {}): SearchQuery {
  return { kind, text, audience: everyone, filter: noFilter, offset: 0, limit: 20, facets: false, ...rest };
}

export const titles = (hits: readonly IndexedHit[]) => hits.map(({ title }) => title);

/** The title with its highlights in brackets. */
export function marked({ title, highlights }: IndexedHit): string {
  return highlights.reduceRight(
    (text, { start, end }) => `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`,
    title,
  );
}
