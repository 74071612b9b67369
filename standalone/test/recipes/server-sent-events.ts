import { createClient, NetworkError } from 'graphql-sse';
import type { Sink } from './without-a-gap.ts';

/**
 * One request for each subscription, or one for all of them.
 * @param url such as `http://localhost:4000/graphql`
 * @param readToken an access token that is good now
 * @param singleConnection one for all: of HTTP/1.1 a browser opens six to a server
 */
export function openSseClient(url: string, readToken: () => Promise<string>, singleConnection = false) {
  const client = createClient({
    url,
    singleConnection,
    headers: async () => ({ authorization: `Bearer ${await readToken()}` }),
    // `withoutAGap` tries again: it knows the cursor.
    retryAttempts: 0,
  });

  return {
    subscribe(query: string, variables: Record<string, unknown>, { next, ended }: Sink): () => void {
      const error = (cause: unknown) => {
        const refused = cause instanceof NetworkError && cause.response?.status === 401;
        ended(refused ? [unauthenticated] : undefined);
      };
      return client.subscribe(
        { query, variables },
        { next: (result) => next(result as never), error, complete: () => ended([]) },
      );
    },
    close: () => client.dispose(),
  };
}

const unauthenticated = { message: 'The access token is not good.', extensions: { code: 'UNAUTHENTICATED' } };
