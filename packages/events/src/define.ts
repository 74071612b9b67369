import { z } from 'zod';
import type { Event } from './envelope.ts';

/** The contract of one type of event. */
export interface EventContract<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly version: number;
  /** Unknown fields pass. */
  readonly data: z.ZodType<Data>;
}

/** What a log has to know of a topic. */
export interface TopicSettings {
  /** `<subgraph>.<what>.v<version>` */
  readonly name: string;
  readonly partitions: number;
  /** In milliseconds; null: compacted, the last event of each key is kept, and carries the full state. */
  readonly retentionMs: number | null;
}

/** The contract of one topic. */
export interface TopicContract<Told extends Event = Event> extends TopicSettings {
  readonly events: readonly EventContract[];
  /** Only for the type. */
  readonly told?: Told;
}

export function defineEvent<Type extends string, Shape extends z.ZodRawShape>(
  type: Type,
  version: number,
  shape: Shape,
): EventContract<Type, z.output<z.ZodObject<Shape>>> {
  return { type, version, data: z.looseObject(shape) as never };
}

/** What an event of this contract looks like. */
export type EventOf<Contract> =
  Contract extends EventContract<infer Type, infer Data> ? Event<Type, Data> : never;

export function defineTopic<const Contracts extends readonly EventContract[]>(topic: {
  readonly name: string;
  readonly partitions: number;
  readonly retentionMs: number | null;
  readonly events: Contracts;
}): TopicContract<EventOf<Contracts[number]>> {
  return topic as never;
}

/** In milliseconds. */
export const hours = (count: number) => count * 3_600_000;
/** In milliseconds. */
export const days = (count: number) => count * 86_400_000;
