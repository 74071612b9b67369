import type { TopicContract } from './define.ts';
import { type Event, envelope } from './envelope.ts';

/** What a record turned out to be. */
export type Parsed<Told extends Event> =
  | { readonly kind: 'event'; readonly event: Told }
  /** The key's state is to be forgotten. */
  | { readonly kind: 'tombstone' }
  /** No event of the contract; the reason says what was expected and what came. */
  | { readonly kind: 'poison'; readonly reason: string };

/** Reads the value of a record by the contract of its topic. It never throws. */
export function parseEvent<Told extends Event>(
  topic: TopicContract<Told>,
  value: Uint8Array | null,
): Parsed<Told> {
  if (value === null) return { kind: 'tombstone' };
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(value).toString('utf8'));
  } catch {
    return { kind: 'poison', reason: `expected JSON, got ${value.length} bytes that are none` };
  }
  const outer = envelope.safeParse(json);
  if (!outer.success) return { kind: 'poison', reason: `not an event: ${problemsOf(outer.error)}` };
  const { type, version } = outer.data;
  const contract = topic.events.find((known) => known.type === type && known.version === version);
  if (!contract) {
    const known = topic.events.map((event) => `${event.type} version ${event.version}`).join(', ');
    return { kind: 'poison', reason: `expected ${known}, got ${JSON.stringify(type)} version ${version}` };
  }
  const data = contract.data.safeParse(outer.data.data);
  if (!data.success) return { kind: 'poison', reason: `${type}: ${problemsOf(data.error)}` };
  return { kind: 'event', event: { ...outer.data, data: data.data } as unknown as Told };
}

/** The bytes of an event. */
export const encodeEvent = (event: Event): Buffer => Buffer.from(JSON.stringify(event));

const problemsOf = ({ issues }: { issues: readonly { path: PropertyKey[]; message: string }[] }): string =>
  issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
    .join('; ');
