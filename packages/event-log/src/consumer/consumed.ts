import type { Event, TopicContract } from '@medley/events';

/** An event with where it lies in the log. */
export interface Consumed<Told extends Event = Event> {
  readonly event: Told;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** When it was appended; when it happened is in the event. */
  readonly time: Date;
}

/** What the contract of a topic tells; of several topics, what any of them tells. */
export type ToldBy<Topic extends TopicContract> = Topic extends TopicContract<infer Told> ? Told : never;

/** What a handler may ask and do while it handles. */
export interface ConsumerContext<Told extends Event = Event> {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** From 1; higher when these events were handed over before, by this process, and the handler failed. */
  readonly attempt: number;
  /** Aborted when the consumer stops or the partition goes to another member: what is not begun need not be. */
  readonly signal: AbortSignal;
  /**
   * Sends one of the events to the dead letters, for this reason, once the handler resolves: for what is found wrong with an event
   * while others of its batch are good.
   */
  refuse(consumed: Consumed<Told>, reason: string): void;
}

/** Takes events of one partition, in order. When it resolves they have had their effect, and never come again but by accident. */
export type Handle<Told extends Event = Event> = (
  events: readonly Consumed<Told>[],
  context: ConsumerContext<Told>,
) => Promise<void>;

/** Takes keys that a compacted topic has forgotten, in their order among the events. */
export type Forget = (keys: readonly string[], context: Omit<ConsumerContext, 'refuse'>) => Promise<void>;
