import type { Fetcher } from '@graphiql/toolkit';

/** What GraphQL answers with. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
}

/** One operation that was sent, and what came back. */
export interface Exchange {
  /** HTTP's. */
  readonly status: number;
  /** From sending to the last byte. */
  readonly durationMs: number;
  /** Of the answer, decoded. */
  readonly sizeBytes: number;
  readonly body: Answer;
  /** As whom and from where: see `describeCaller`. */
  readonly caller: string;
  /** By which the server knew that; what belongs to the answer goes with the same. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface FetcherOptions {
  readonly path: string;
  /** Headers of the caller, and who that is, for people. */
  readonly caller: () => Promise<{ headers: Record<string, string>; description: string }>;
  readonly onExchange: (exchange: Exchange) => void;
}

/** How GraphiQL sends operations: every way to the server goes through here. */
export function createFetcher({ path, caller, onExchange }: FetcherOptions): Fetcher {
  return async (operation, { headers: editorHeaders = {} } = {}) => {
    // The schema is the same for all: it stays in sight also when a credential is refused.
    const introspects = operation.operationName === 'IntrospectionQuery';
    const { headers, description } = introspects ? { headers: {}, description: '' } : await caller();
    const asked = { ...headers, ...editorHeaders };
    const startedAt = performance.now();
    const response = await fetch(path, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json',
        'content-type': 'application/json',
        ...asked,
      },
      body: JSON.stringify(operation),
    });
    const text = await response.text();
    const durationMs = performance.now() - startedAt;
    const body = parseBody(text, response);
    if (!introspects) {
      const sizeBytes = new TextEncoder().encode(text).length;
      onExchange({
        ...{ status: response.status, durationMs, sizeBytes, body },
        ...{ caller: description, headers: asked },
      });
    }
    return body;
  };
}

function parseBody(text: string, response: Response) {
  try {
    return JSON.parse(text);
  } catch {
    const message = `The server answered ${response.status} ${response.statusText} without JSON.`;
    return { errors: [{ message, extensions: { body: text.slice(0, 1_000) } }] };
  }
}
