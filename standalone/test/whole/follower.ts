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
  /** What went wrong on the way, as codes and messages. */
  readonly problems: readonly string[];
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
  const problems: string[] = [];
  const note = (errors: readonly ResultError[] | undefined) =>
    problems.push(...(errors ?? []).map(({ message, extensions }) => `${extensions?.code}: ${message}`));
  let ended: ResultError | undefined;
  const stop = withoutAGap<Event>(
    (after, { next, ended: end }) =>
      client.subscribe(
        query,
        { ...options.variables, ...(after && { after }) },
        {
          next(result) {
            note(result.errors);
            next(result);
          },
          ended(errors) {
            note(errors ?? [{ message: 'the connection broke' }]);
            end(errors);
          },
        },
      ),
    (event) => events.push(event),
    (error) => {
      ended = error ?? { message: 'it is complete' };
    },
  );
  return {
    events,
    problems,
    ended: () => ended,
    stop() {
      stop();
      void client.close();
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
