import { type DocumentKind, documentKinds } from '../../domain/search-document.ts';

export type Part = DocumentKind | 'state';
/** What an index is made of: an index of Meilisearch for each kind, and one for how far it follows its sources. */
export const parts: readonly Part[] = [...documentKinds, 'state'];

/** How the indexes on the server are called. */
export interface IndexNames {
  /** The one that answers. */
  live(part: Part): string;
  /** The one that is being built. */
  fresh(part: Part, generation: string): string;
  /** Whether it is what a rebuild left over, of whatever generation. */
  isFresh(name: string): boolean;
}

/** @param prefix what the names begin with, so that several environments can share one server */
export function createIndexNames(prefix: string): IndexNames {
  return {
    live: (part) => `${prefix}${part}`,
    fresh: (part, generation) => `${prefix}${part}-${generation}`,
    isFresh: (name) => parts.some((part) => name.startsWith(`${prefix}${part}-`)),
  };
}
