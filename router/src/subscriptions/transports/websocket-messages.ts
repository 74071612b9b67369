import type {
  CompleteMessage,
  ConnectionInitMessage,
  PingMessage,
  PongMessage,
  SubscribeMessage,
} from 'graphql-ws';
import { MessageType, parseMessage } from 'graphql-ws';

export type ClientMessage =
  | ConnectionInitMessage
  | SubscribeMessage
  | CompleteMessage
  | PingMessage
  | PongMessage;

const known: ReadonlySet<string> = new Set([
  MessageType.ConnectionInit,
  MessageType.Subscribe,
  MessageType.Complete,
  MessageType.Ping,
  MessageType.Pong,
]);

/** @returns undefined for what is no message that a client may send */
export function readClientMessage(text: string): ClientMessage | undefined {
  try {
    const message = parseMessage(text, mayPollute.test(text) ? refusePrototypes : undefined);
    return known.has(message.type) ? (message as ClientMessage) : undefined;
  } catch {
    return undefined;
  }
}

// Escapes can spell it too.
const mayPollute = /__proto__|\\u/i;

// As in bodies of requests: who merges such an object into another changes what that one inherits.
function refusePrototypes(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('an object has a key "__proto__"');
  return value;
}
