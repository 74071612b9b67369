import { z } from 'zod';

/** What every event says of itself, after CloudEvents. Unknown fields pass. */
export const envelope = z.looseObject({
  /** Unique for this event however often it is sent: sinks act once per id. A UUID. */
  id: z.uuid(),
  /** In the past tense: `TrackPlayed`. */
  type: z.string(),
  /** Of the contract of `data`, from 1. */
  version: z.int().positive(),
  /** The subgraph that it comes from. */
  source: z.string(),
  /** When it happened, for who tells it; ISO 8601 in UTC. */
  time: z.iso.datetime(),
  /** What it is about: events of one key keep their order. */
  key: z.string().min(1),
  /** W3C trace context. */
  traceparent: z.string().optional(),
  data: z.looseObject({}),
});

/** An event of one type. */
export interface Event<Type extends string = string, Data extends object = object> {
  readonly id: string;
  readonly type: Type;
  readonly version: number;
  readonly source: string;
  readonly time: string;
  readonly key: string;
  readonly traceparent?: string;
  readonly data: Data;
}
