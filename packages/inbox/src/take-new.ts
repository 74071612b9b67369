import type { SqlWriter } from '@medley/outbox';
import { claimEvents } from './claim.ts';
import type { Inbox } from './inbox.ts';

/** What a consumer is handed, as far as it matters here. */
export interface Takeable {
  readonly event: { readonly id: string; readonly time: string; readonly data: object };
}

/**
 * Claims the events that a consumer was handed, and refuses those that cannot be told from others: of an id that was used with other
 * content, too old, too far ahead. Call it in the transaction of their effect.
 * @param options.refuse of the consumer's context
 * @param options.contentOf what is the same each time the event is told, and tells it from another one of its id. Not simply its data:
 *   where these say when it was told, every repetition would be refused
 * @param options.timeOf when it happened, for the claim: the same each time the event is told; the event's time unless told otherwise
 * @returns those that are to have their effect, in their order
 */
export async function takeNew<Taken extends Takeable>(
  transaction: SqlWriter,
  inbox: Inbox,
  events: readonly Taken[],
  options: {
    readonly refuse: (event: Taken, reason: string) => void;
    readonly contentOf: (event: Taken['event']) => string;
    readonly timeOf?: (event: Taken['event']) => Date;
  },
): Promise<Taken[]> {
  const { refuse, contentOf, timeOf = ({ time }) => new Date(time) } = options;
  const outcomes = await claimEvents(
    transaction,
    inbox,
    events.map(({ event }) => ({ id: event.id, time: timeOf(event), content: contentOf(event) })),
  );
  return events.filter((taken, index) => {
    const outcome = outcomes[index];
    if (outcome === 'other content')
      refuse(taken, `an event with the id ${taken.event.id} said something else`);
    if (outcome === 'expired')
      refuse(taken, `happened at ${taken.event.time}: nobody knows any more whether it was had`);
    if (outcome === 'future') refuse(taken, `happened at ${taken.event.time}, which is too far ahead`);
    return outcome === 'new';
  });
}
