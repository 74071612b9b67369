import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { getOperationAST, type OperationDefinitionNode, parse } from 'graphql';
import { type Answer, parseAnswer } from './answer.ts';
import { type LiveStream, startLiveStream } from './live-stream.ts';

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

/** Who asks, at the moment of asking. */
export interface Asking {
  /** For people. */
  readonly description: string;
  /** Good now; later they may have expired. */
  readonly readHeaders: () => Promise<Record<string, string>>;
}

export interface FetcherOptions {
  readonly path: string;
  readonly caller: () => Asking;
  readonly onExchange: (exchange: Exchange) => void;
  /** Told of each subscription that was begun. It shows its answers itself. */
  readonly onStream: (stream: LiveStream) => void;
}

/** How GraphiQL sends operations: every way to the server goes through here. */
export function createFetcher({ path, caller, onExchange, onStream }: FetcherOptions): Fetcher {
  return async (operation, { headers: editorHeaders = {} } = {}) => {
    // The schema is the same for all: it stays in sight also when a credential is refused.
    const introspects = operation.operationName === 'IntrospectionQuery';
    const { readHeaders, description } = introspects ? nobody : caller();
    const definition = findOperation(operation);
    if (definition?.operation === 'subscription') {
      onStream(
        startLiveStream({
          path,
          operation: {
            name: definition.name?.value ?? 'Subscription',
            query: operation.query,
            variables: operation.variables,
            operationName: operation.operationName ?? undefined,
            takesAfter: (definition.variableDefinitions ?? []).some(
              ({ variable }) => variable.name.value === 'after',
            ),
          },
          caller: description,
          readHeaders: async () => ({ ...(await readHeaders()), ...editorHeaders }),
        }),
      );
      return nothingMore as Awaited<ReturnType<Fetcher>>;
    }
    const asked = { ...(await readHeaders()), ...editorHeaders };
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
    const body = parseAnswer(text, response);
    if (!introspects) {
      const sizeBytes = new TextEncoder().encode(text).length;
      onExchange({
        ...{ status: response.status, durationMs, sizeBytes, body },
        ...{ caller: description, headers: asked },
      });
    }
    return body as Awaited<ReturnType<Fetcher>>;
  };
}

const nobody: Asking = { description: '', readHeaders: async () => ({}) };

// GraphiQL runs one operation at a time, and ends it when another one is run; a stream goes on beside the others.
const nothingMore = {
  subscribe({ complete }: { complete: () => void }) {
    const timer = setTimeout(complete);
    return { unsubscribe: () => clearTimeout(timer) };
  },
};

/** Undefined where the server is to say what is wrong. */
function findOperation({ query, operationName }: FetcherParams): OperationDefinitionNode | undefined {
  try {
    return getOperationAST(parse(query), operationName) ?? undefined;
  } catch {
    return undefined;
  }
}
