import { newUuid } from '@medley/ids';
import type { EventContract } from './define.ts';
import type { Event } from './envelope.ts';

/** What happened. */
export interface Happened<Data extends object> {
  /** The subgraph that tells it. */
  readonly source: string;
  /** What it is about: events of one key keep their order. */
  readonly key: string;
  readonly data: Data;
  /** A UUID; who may tell the same event twice makes it of the event, so that sinks act once. A new one by default. */
  readonly id?: string;
  /** Now by default. */
  readonly time?: Date;
  /** W3C trace context of who caused it. */
  readonly traceparent?: string;
}

/** An event by its contract. It is checked when it is encoded. */
export function createEvent<Type extends string, Data extends object>(
  contract: EventContract<Type, Data>,
  { source, key, data, id = newUuid(), time = new Date(), traceparent }: Happened<NoInfer<Data>>,
): Event<Type, Data> {
  return {
    id,
    type: contract.type,
    version: contract.version,
    source,
    time: time.toISOString(),
    key,
    ...(traceparent && { traceparent }),
    data,
  };
}
