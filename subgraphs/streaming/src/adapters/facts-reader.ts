import type { Logger } from '@medley/service';
import { createFindByIds, createServiceCaller } from '@medley/service-caller';
import type { SigningKeys } from '@medley/signing-keys';
import type { SubgraphLink } from '@medley/subgraph-link';
import type { z } from 'zod';
import { type FactsRequest, FactsUnavailableError } from '../domain/facts.ts';

/** The way to facts of another subgraph, in the name of this service. */
export interface FactsSource {
  readonly link: SubgraphLink;
  /** Shared with that subgraph, which takes them for services only. */
  readonly keys: SigningKeys;
  readonly logger: Logger;
  /** How long facts are worth waiting for, a second try included. In milliseconds; 800 unless told otherwise. */
  readonly timeoutMs?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export type FindFacts<Fact> = (
  ids: readonly string[],
  request: FactsRequest,
) => Promise<readonly (Fact | null)[]>;

/**
 * Reads facts by ids, within the time that is left.
 * @param subgraph that is asked
 * @param query an operation with the variable `$ids` and one root field, a list under the alias `entries`
 * @param entry what one entry of the list looks like
 */
export function createFactsReader<Fact extends { id: string }>(
  { link, keys, logger, timeoutMs = 800, clock }: FactsSource,
  { subgraph, query, entry }: { subgraph: 'catalog' | 'users'; query: string; entry: z.ZodType<Fact> },
): FindFacts<Fact> {
  const caller = createServiceCaller({ service: 'streaming', subgraph, link, keys, timeoutMs, clock });
  // Fewer than the 1,000 that the other side takes: an entry may name every market, for each alternative too.
  const find = createFindByIds(caller, { query, entry, chunkSize: 250 });
  return async (ids, { requestId, deadline }) => {
    try {
      return await find(ids, { requestId, deadline: deadline - timeToAnswerMs });
    } catch (error) {
      logger.warn({ err: error, requestId, subgraph }, 'could not read facts');
      throw new FactsUnavailableError(`the facts of ${subgraph} could not be read`, error);
    }
  };
}

// What it takes to decide and to hand the answer on, so that "undecided" still arrives in time.
const timeToAnswerMs = 50;
