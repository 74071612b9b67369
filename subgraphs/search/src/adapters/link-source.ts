import { createServiceCaller, type ServiceCaller } from '@medley/service-caller';
import type { SigningKeys } from '@medley/signing-keys';
import type { SubgraphLink } from '@medley/subgraph-link';

/** The way to a subgraph whose things are found here. */
export interface LinkSourceOptions {
  readonly link: SubgraphLink;
  /** Shared with that subgraph, which takes them for services only. */
  readonly keys: SigningKeys;
  /** How long one answer is worth waiting for, in milliseconds. Nobody waits for it but the index. */
  readonly timeoutMs?: number;
}

export function callerOf(
  subgraph: 'catalog' | 'playlists',
  { link, keys, timeoutMs = 10_000 }: LinkSourceOptions,
): ServiceCaller {
  return createServiceCaller({ service: 'search', subgraph, link, keys, timeoutMs });
}

/** How many entries one page has. A link gives up an answer of more than 10 MB; a document with all markets is 2 KB. */
export const pageSize = 1_000;

/**
 * All pages of a list that goes by id.
 * @param readPage the first `pageSize` entries after this id; from the start when null
 */
export async function* pagesById<Entry>(
  readPage: (after: string | null) => Promise<readonly Entry[]>,
  idOf: (entry: Entry) => string,
): AsyncGenerator<readonly Entry[]> {
  let after: string | null = null;
  while (true) {
    const page: readonly Entry[] = await readPage(after);
    const last = page.at(-1);
    if (last !== undefined) yield page;
    if (last === undefined || page.length < pageSize) return;
    if (idOf(last) === after)
      throw new Error(`a page after ${after} ends with ${after}: there is no end to it`);
    after = idOf(last);
  }
}
