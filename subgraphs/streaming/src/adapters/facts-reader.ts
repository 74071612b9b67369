import { createIdentitySigner, type Identity } from '@medley/identity';
import type { Logger } from '@medley/service';
import type { SigningKeys } from '@medley/signing-keys';
import { LinkError, type SubgraphLink } from '@medley/subgraph-link';
import { z } from 'zod';
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

export type FindByIds<Fact> = (
  ids: readonly string[],
  request: FactsRequest,
) => Promise<readonly (Fact | null)[]>;

/**
 * Reads facts by ids: in chunks that the other side takes, within the time that is left, and believing only an answer
 * that has exactly one entry for each id. When the connection failed, the subgraph is asked once more at once, as it may
 * just have closed an idle connection or been replaced; one that answered badly would only answer so again.
 * @param subgraph that is asked
 * @param query an operation with the variable `$ids` and one root field, a list under the alias `facts`
 * @param entry what one entry of the list looks like
 */
export function createFactsReader<Fact extends { id: string }>(
  { link, keys, logger, timeoutMs = 800, clock = Date.now }: FactsSource,
  { subgraph, query, entry }: { subgraph: 'catalog' | 'users'; query: string; entry: z.ZodType<Fact> },
): FindByIds<Fact> {
  const signer = createIdentitySigner({ audience: subgraph, keys, reads: ['actor'], now: clock });
  const answerSchema = z.object({
    data: z.object({ facts: z.array(entry.nullable()) }),
    // An entry may be null because it failed: that is not "unknown".
    errors: z.never().optional(),
  });

  async function ask(ids: readonly string[], requestId: string, waitMs: number) {
    const body = JSON.stringify({ query, variables: { ids } });
    const deadline = clock() + waitMs;
    const signal = AbortSignal.timeout(waitMs);
    const send = () =>
      // A signature is good for one request, so the second try gets its own.
      link.send({ body, identity: signer.sign(self, { body, requestId, deadline }), requestId, signal });
    const { body: answer } = await send().catch((error: unknown) => {
      if (error instanceof LinkError && error.disconnected) return send();
      throw error;
    });
    return inOrderOf(ids, answerSchema.parse(JSON.parse(answer)).data.facts);
  }

  return async (ids, { requestId, deadline }) => {
    try {
      const waitMs = Math.floor(Math.min(timeoutMs, deadline - clock() - timeToAnswerMs));
      if (waitMs <= 0) throw new Error('no time was left to ask');
      const chunks = await Promise.all(
        chunksOf(ids, chunkSize).map((chunk) => ask(chunk, requestId, waitMs)),
      );
      return chunks.flat();
    } catch (error) {
      logger.warn({ err: error, requestId, subgraph }, 'could not read facts');
      throw new FactsUnavailableError(`the facts of ${subgraph} could not be read`, error);
    }
  };
}

// Fewer than the 1,000 that the other side takes: an entry may name every market, for each alternative too, and a link gives
// up an answer of more than 10 MB.
const chunkSize = 250;

// What it takes to decide and to hand the answer on, so that "undecided" still arrives in time.
const timeToAnswerMs = 50;

const self: Identity = {
  actor: { kind: 'service', id: 'streaming' },
  market: null,
  marketSource: null,
  explicit: true,
  clientAddress: null,
};

function inOrderOf<Fact extends { id: string }>(
  ids: readonly string[],
  facts: readonly (Fact | null)[],
): (Fact | null)[] {
  const byId = new Map(facts.flatMap((fact) => (fact ? [[fact.id, fact]] : [])));
  const ordered = ids.map((id) => byId.get(id) ?? null);
  if (facts.length !== ids.length || countNulls(ordered) !== countNulls(facts)) {
    throw new Error(
      `expected one entry for each of ${ids.length} ids, got ${facts.length} that are not these`,
    );
  }
  return ordered;
}

const countNulls = (entries: readonly unknown[]) => entries.filter((entry) => entry === null).length;

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
