import type { Hit } from 'meilisearch';
import type { IndexWriter, SearchIndex, SearchPage } from '../domain/search-index.ts';
import { createIndexNames } from './meilisearch/index-names.ts';
import { about, readState, type StateDocument } from './meilisearch/index-state.ts';
import { createMeilisearchWriter } from './meilisearch/index-writer.ts';
import {
  hasWords,
  readFacets,
  readHit,
  type ShownDocument,
  searchQuestion,
} from './meilisearch/questions.ts';
import { asking, createServer, isMissingIndex } from './meilisearch/server.ts';
import { bestSuggestions, suggestedKinds, suggestQuestion } from './meilisearch/suggestions.ts';

export interface MeilisearchIndexOptions {
  /** Of a Meilisearch from 1.36 on. */
  readonly url: string;
  /** May search, and read and write documents, indexes, settings, tasks and stats; the default admin key does. */
  readonly apiKey?: string;
  /** What the names of indexes begin with, so that several environments can share one server. */
  readonly prefix?: string;
  /** After which a search counts as failed. */
  readonly timeoutMs?: number;
  /** How long one change may take, and what stands in front of it. */
  readonly taskTimeoutMs?: number;
}

export interface MeilisearchIndex {
  readonly index: SearchIndex;
  readonly writer: IndexWriter;
  /** Takes all of it off the server. */
  remove(): Promise<void>;
}

/** An index on a Meilisearch server, which any number of processes may ask and one may write. */
export function createMeilisearchIndex({
  url,
  apiKey,
  prefix = 'medley_',
  timeoutMs = 1_000,
  taskTimeoutMs = 120_000,
}: MeilisearchIndexOptions): MeilisearchIndex {
  const names = createIndexNames(prefix);
  const server = createServer({ url, apiKey }, timeoutMs);
  const writing = createServer({ url, apiKey }, Math.max(timeoutMs, 30_000));

  const index: SearchIndex = {
    async search(queries) {
      const asked = queries.map((query) =>
        hasWords(query.text) ? searchQuestion(names.live(query.kind), query) : null,
      );
      // The generation comes with the same answer.
      const questions = [{ indexUid: names.live('state') }, ...asked.filter((question) => question !== null)];
      const answer = await asking(() => server.multiSearch({ queries: questions })).catch((error) => {
        if (isMissingIndex(error)) return null;
        throw error;
      });
      const [state, ...results] = answer?.results ?? [];
      const generation = generationOf(state?.hits ?? []);
      return queries.map(({ kind, facets }, at): SearchPage => {
        const result = asked[at] ? results.shift() : undefined;
        return {
          hits: (result?.hits ?? []).map((hit) => readHit(kind, hit as Hit<ShownDocument>)),
          facets: facets ? readFacets(result?.facetDistribution ?? {}) : null,
          generation,
        };
      });
    },
    async suggest(query) {
      if (!hasWords(query.prefix)) return [];
      const queries = suggestedKinds.map((kind) => suggestQuestion(names.live(kind), query));
      const answer = await asking(() => server.multiSearch({ queries })).catch((error) => {
        if (isMissingIndex(error)) return null;
        throw error;
      });
      const found = (answer?.results ?? []).map(({ hits }, at) => ({
        kind: suggestedKinds[at] as (typeof suggestedKinds)[number],
        hits: hits as Hit<ShownDocument>[],
      }));
      return bestSuggestions(found, query);
    },
    readState: () => readState(server, names),
  };

  const cutoffMs = Math.ceil(timeoutMs * 0.8);
  return { index, ...createMeilisearchWriter({ server: writing, names, taskTimeoutMs, cutoffMs }) };
}

function generationOf(documents: readonly unknown[]): string {
  const document = (documents as StateDocument[]).find(({ id }) => id === about);
  return document && 'generation' in document ? document.generation : '';
}
