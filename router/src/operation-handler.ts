import type { ApolloServer } from '@apollo/server';
import { badUserInput, MedleyError } from '@medley/errors';
import type { Logger, Metrics } from '@medley/service';
import { z } from 'zod';
import type { RouterContext } from './context.ts';
import type { IdentitySource, ReadIdentity } from './identity/read-identity.ts';
import type { CheckDocument } from './limits/document-limits.ts';
import { challenge, type OperationResponse, presentFailure, presentResult } from './present.ts';

export interface OperationRequest extends IdentitySource {
  /** The parsed JSON of the body. */
  readonly body: unknown;
  readonly requestId: string;
}

/** From a request to its answer, without a transport. Never throws. */
export type HandleOperation = (request: OperationRequest) => Promise<OperationResponse>;

const bodySchema = z.object({
  query: z.string().min(1),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** Notes how an operation of a graph ended, and how long it took. */
export type OperationObserver = (
  graph: string,
  response: Pick<OperationResponse, 'status' | 'codes'>,
  durationMs: number,
) => void;

export function createOperationObserver(metrics: Metrics): OperationObserver {
  const operations = metrics.histogram(
    'medley_router_operation_seconds',
    'How long the router took to answer an operation, by graph, HTTP status and the code of its first error.',
    ['graph', 'status', 'code'],
  );
  return (graph, { status, codes }, durationMs) =>
    operations.observe({ graph, status, code: codes[0] ?? 'none' }, durationMs / 1_000);
}

export interface OperationHandlerOptions {
  /** Its name, for the log and the metrics. */
  readonly graph: string;
  readonly server: ApolloServer<RouterContext>;
  readonly checkDocument: CheckDocument;
  readonly readIdentity: ReadIdentity;
  /** How long a client is made to wait, in milliseconds. */
  readonly operationTimeoutMs: number;
  readonly logger: Logger;
  readonly observe: OperationObserver;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Reads the body, measures the document, finds out who asks, runs the operation, and leaves one line in the log. */
export function createOperationHandler(options: OperationHandlerOptions): HandleOperation {
  const { graph, server, checkDocument, readIdentity, operationTimeoutMs, logger, observe, clock } = options;

  return async ({ body, requestId, ...source }) => {
    const startedAt = performance.now();
    const line: Record<string, unknown> = { requestId, graph, operation: null, actor: null };
    const response = await run(body, requestId, source, line).catch((error: unknown) => {
      if (!(error instanceof MedleyError)) logger.error({ err: error, requestId }, 'an operation failed');
      return presentFailure(error, requestId);
    });
    const durationMs = performance.now() - startedAt;
    const codes = [...new Set(response.codes)];
    observe(graph, response, durationMs);
    logger.info({ ...line, status: response.status, codes, durationMs: Math.round(durationMs) }, 'operation');
    return challenge(response, source.authorization);
  };

  async function run(
    body: unknown,
    requestId: string,
    source: IdentitySource,
    line: Record<string, unknown>,
  ): Promise<OperationResponse> {
    const { query, variables, operationName } = parseBody(body);
    checkDocument(query);
    const identity = await readIdentity(source);
    line.actor = identity.actor.kind;
    const context: RouterContext = {
      requestId,
      identity,
      deadline: clock() + operationTimeoutMs,
      noteOperation: (name) => {
        line.operation = name;
      },
    };
    const { body: answer, http } = await server.executeOperation(
      { query, variables: variables ?? undefined, operationName: operationName ?? undefined },
      { contextValue: context },
    );
    if (answer.kind !== 'single') throw new Error('an answer comes in one piece');
    return presentResult(answer.singleResult, requestId, Object.fromEntries(http.headers));
  }
}

function parseBody(body: unknown): z.output<typeof bodySchema> {
  if (Array.isArray(body)) throw badUserInput('Batches are not served: send one operation in each request.');
  const result = bodySchema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.length ? `"${issue.path.join('.')}"` : 'the body';
  throw badUserInput(
    `A request is JSON with "query" (a string), "variables" (an object) and "operationName" (a string); ${where} is not.`,
  );
}
