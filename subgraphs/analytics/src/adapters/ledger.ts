import type { Consumed } from '@medley/event-log';
import type { Event } from '@medley/events';
import { type Claim, claimEvents } from '@medley/inbox';
import type { GenerationId, Ledger } from '../domain/ledger.ts';
import { type InboxName, inboxOf } from './generation-tables.ts';
import { openGenerations } from './generations.ts';
import { inTransaction, type PrismaClient, type Transaction } from './prisma-client.ts';

export interface LedgerOptions<Told extends Event, Entry, Counted> {
  readonly client: PrismaClient;
  /** Where the ids of its events are claimed. */
  readonly inbox: InboxName;
  /**
   * What an event says, as it is counted; null for one that is nothing to count.
   * @throws for one that cannot be counted, with the reason in words for operators: it is refused
   */
  readonly read: (event: Told) => Entry | null;
  /** By what an event is claimed: the same each time that it is told. */
  readonly claimOf: (event: Told, entry: Entry) => Claim;
  /**
   * Adds to the numbers of a generation what it did not have: at least one, in the order of the log. All generations get the same entries
   * in the same order, but for where they begin, so what it writes must follow from these and from what it wrote before.
   * @returns what is told of it
   */
  readonly write: (tx: Transaction, generation: GenerationId, fresh: readonly Entry[]) => Promise<Counted>;
  /** Called in the transaction with what is added to the numbers that are shown. */
  readonly onShown?: (tx: Transaction, counted: Counted) => Promise<void>;
}

/** A ledger whose claims and numbers are one transaction. */
export function createLedger<Told extends Event, Entry, Counted>(
  options: LedgerOptions<Told, Entry, Counted>,
): Ledger<Consumed<Told>, Counted> {
  const { client, inbox, read, claimOf, write, onShown } = options;
  return {
    async record(events, { into, refuse }) {
      const [first, last] = [events[0], events.at(-1)];
      if (!first || !last) return undefined;
      const { topic, partition } = first;
      const span = { topic, partition, from: first.offset, to: last.offset + 1n };
      const readable = events.flatMap((consumed) => {
        try {
          const entry = read(consumed.event);
          return entry === null ? [] : [{ consumed, entry, claim: claimOf(consumed.event, entry) }];
        } catch (error) {
          refuse(consumed, (error as Error).message);
          return [];
        }
      });
      return inTransaction(client, async (tx) => {
        let counted: Counted | undefined;
        const generations = await openGenerations(tx, span, into);
        for (const generation of generations) {
          const claims = readable.map(({ claim }) => claim);
          const outcomes = await claimEvents(tx, inboxOf(inbox, generation), claims);
          const fresh = readable.filter(({ consumed }, index) => {
            const outcome = outcomes[index] as (typeof outcomes)[number];
            const reason = refusals[outcome];
            if (reason !== null)
              refuse(consumed, `${consumed.event.id} of ${consumed.event.time}: ${reason}`);
            return outcome === 'new';
          });
          if (fresh.length === 0) continue;
          const entries = fresh.map(({ entry }) => entry);
          const written = await write(tx, generation, entries);
          if (generation === generations[0]) counted = written;
        }
        if (counted && into === 'all') await onShown?.(tx, counted);
        return counted;
      });
    },
  };
}

const refusals = {
  new: null,
  seen: null,
  'other content': 'an event with this id said something else',
  expired: 'so old that nobody knows any more whether it was counted',
  future: 'too far ahead',
} as const;
