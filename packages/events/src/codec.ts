import type { TopicContract } from './define.ts';
import { type Event, envelope } from './envelope.ts';

/** What a record turned out to be. */
export type Parsed<Told extends Event> =
  | { readonly kind: 'event'; readonly event: Told }
  /** The key's state is to be forgotten. */
  | { readonly kind: 'tombstone' }
  /** No event of the contract; the reason says what was expected and what came. */
  | { readonly kind: 'poison'; readonly reason: string };

/** Somebody wants to tell what the contract of the topic does not allow: a bug of his. */
export class InvalidEventError extends Error {
  constructor(topic: string, reason: string) {
    super(`no event for ${topic}: ${reason}`);
    this.name = 'InvalidEventError';
  }
}

/** Reads the value of a record by the contract of its topic. Unknown fields stay. It never throws. */
export function parseEvent<Told extends Event>(
  topic: TopicContract<Told>,
  value: Uint8Array | null,
): Parsed<Told> {
  if (value === null) {
    if (topic.retentionMs === null) return { kind: 'tombstone' };
    return { kind: 'poison', reason: 'expected an event, got a tombstone, and the topic is not compacted' };
  }
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.length).toString('utf8'));
  } catch {
    return { kind: 'poison', reason: `expected JSON, got ${value.length} bytes that are none` };
  }
  return check(topic, json);
}

/**
 * The bytes of an event.
 * @throws InvalidEventError when the contract of the topic does not allow it
 */
export function encodeEvent<Told extends Event>(topic: TopicContract<Told>, event: NoInfer<Told>): Buffer {
  const checked = check(topic, event);
  if (checked.kind === 'poison') throw new InvalidEventError(topic.name, checked.reason);
  return Buffer.from(JSON.stringify(event));
}

function check<Told extends Event>(
  topic: TopicContract<Told>,
  value: unknown,
): Exclude<Parsed<Told>, { kind: 'tombstone' }> {
  const outer = envelope.safeParse(value);
  if (!outer.success) return { kind: 'poison', reason: `not an event: ${problemsOf(outer.error)}` };
  const { type, version } = outer.data;
  const contract = topic.events.find((known) => known.type === type && known.version === version);
  if (!contract) {
    const known = topic.events.map((event) => `${event.type} version ${event.version}`).join(', ');
    return {
      kind: 'poison',
      reason: `expected ${known}, got ${JSON.stringify(shorten(type))} version ${version}`,
    };
  }
  const data = contract.data.safeParse(outer.data.data);
  if (!data.success) return { kind: 'poison', reason: `${type}: ${problemsOf(data.error, 'data')}` };
  return { kind: 'event', event: { ...outer.data, data: data.data } as unknown as Told };
}

const problemsOf = (
  { issues }: { issues: readonly { path: PropertyKey[]; message: string }[] },
  within?: string,
): string =>
  issues
    .slice(0, 5)
    .map(({ path, message }) => `${[...(within ? [within] : []), ...path].join('.') || 'it'}: ${message}`)
    .join('; ');

const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
