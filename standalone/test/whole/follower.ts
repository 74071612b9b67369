import { readOperations } from '@medley/schema';
import WebSocket from 'ws';
import { openApolloClient } from '../recipes/apollo-client.ts';
import { openSseClient } from '../recipes/server-sent-events.ts';
import { openWebSocketClient } from '../recipes/websocket.ts';
import { type LiveEvent, type ResultError, withoutAGap } from '../recipes/without-a-gap.ts';

/** Every way of a subscription to a client. */
export const transports = ['WebSocket', 'SSE', 'SSE, one connection', 'multipart'] as const;
export type Transport = (typeof transports)[number];

/** Somebody who follows a subscription as the guide for client teams says. */
export interface Follower<Event> {
  /** All of them, in the order in which they came. */
  readonly events: readonly Event[];
  /** Why there are no more; undefined while there may be some. */
  ended(): ResultError | undefined;
  stop(): void;
}

export interface FollowerOptions {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly token: string;
  readonly transport: Transport;
  /** Of `schema/operations`. */
  readonly operation: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export function follow<Event extends LiveEvent>(options: FollowerOptions): Follower<Event> {
  const client = openClient(options);
  const query = readOperations().find(({ name }) => name === options.operation)?.source ?? '';
  const events: Event[] = [];
  let ended: ResultError | undefined;
  const stop = withoutAGap<Event>(
    (after, sink) => client.subscribe(query, { ...options.variables, ...(after && { after }) }, sink),
    (event) => events.push(event),
    (error) => {
      ended = error ?? { message: 'it is complete' };
    },
  );
  return {
    events,
    ended: () => ended,
    stop() {
      stop();
      client.close();
    },
  };
}

function openClient({ url, token, transport }: FollowerOptions) {
  const endpoint = `${url}/graphql`;
  const readToken = async () => token;
  switch (transport) {
    case 'WebSocket':
      return openWebSocketClient(endpoint.replace('http', 'ws'), readToken, { webSocketImpl: WebSocket });
    case 'SSE':
      return openSseClient(endpoint, readToken);
    case 'SSE, one connection':
      return openSseClient(endpoint, readToken, true);
    case 'multipart':
      return openApolloClient(endpoint, readToken);
  }
}
