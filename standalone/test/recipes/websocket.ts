import { type ClientOptions, createClient } from 'graphql-ws';
import type { Sink } from './without-a-gap.ts';

/**
 * One WebSocket for all subscriptions of a page.
 * @param url such as `ws://localhost:4000/graphql`
 * @param readToken an access token that is good now
 * @param options such as `{ webSocketImpl }` from `ws`, in Node before 22
 */
export function openWebSocketClient(
  url: string,
  readToken: () => Promise<string>,
  options?: Pick<ClientOptions, 'webSocketImpl'>,
) {
  let socket: WebSocket | undefined;
  const client = createClient({
    url,
    connectionParams: async () => ({ authorization: `Bearer ${await readToken()}` }),
    on: {
      connected: (opened) => {
        socket = opened as WebSocket;
      },
    },
    // `withoutAGap` tries again: it knows the cursor.
    retryAttempts: 0,
    ...options,
  });

  return {
    subscribe(query: string, variables: Record<string, unknown>, { next, ended }: Sink): () => void {
      const error = (cause: unknown) => {
        // The subscription was refused, or ended by the server.
        if (Array.isArray(cause)) ended(cause);
        else ended((cause as CloseEvent).code === 4403 ? [forbidden] : undefined);
      };
      return client.subscribe(
        { query, variables },
        { next: (result) => next(result as never), error, complete: () => ended([]) },
      );
    },
    /** Tells of a new token of the same account before the old one expires: everything goes on. */
    async renew(): Promise<void> {
      const payload = { authorization: `Bearer ${await readToken()}` };
      socket?.send(JSON.stringify({ type: 'ping', payload }));
    },
    async close(): Promise<void> {
      // It rejects while the service cannot be reached; then there is nothing to close.
      await Promise.resolve(client.dispose()).catch(() => {});
    },
  };
}

// Close code 4403: the token was refused, or has expired.
const forbidden = { message: 'The access token is not good.', extensions: { code: 'UNAUTHENTICATED' } };
