import type { ApolloServer } from '@apollo/server';
import { badUserInput, MedleyError } from '@medley/errors';
import type { Identity } from '@medley/identity';
import type { Logger } from '@medley/service';
import { z } from 'zod';
import type { RouterContext } from './context.ts';
import type { IdentitySource, ReadIdentity } from './identity/read-identity.ts';
import type { CheckDocument } from './limits/document-limits.ts';
import { challenge, type OperationResponse, presentFailure, presentResult } from './present.ts';

export interface OperationRequest extends IdentitySource {
  /** The parsed JSON of the body. */
  readonly body: unknown;
  readonly requestId: string;
  /** Who asks, where that has been found out already. */
  readonly identity?: Identity;
}

/** What the log tells of an operation; null as long as it is not known. */
export interface OperationNotes {
  readonly operation: string | null;
  /** The kind of actor who asks. */
  readonly actor: string | null;
}

/**
 * Reads the body, measures the document, finds out who asks, and runs the operation. Never throws.
 * @param acceptSubscription expects a subscription, and takes it when it may run: then the response has no meaning
 */
export type RunOperation = (
  request: OperationRequest,
  acceptSubscription?: RouterContext['acceptSubscription'],
) => Promise<{ response: OperationResponse; notes: OperationNotes }>;

export interface OperationRunnerOptions {
  readonly server: ApolloServer<RouterContext>;
  readonly checkDocument: CheckDocument;
  readonly readIdentity: ReadIdentity;
  /** How long a client is made to wait, in milliseconds. */
  readonly operationTimeoutMs: number;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

const bodySchema = z.object({
  query: z.string().min(1),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

export function createOperationRunner(options: OperationRunnerOptions): RunOperation {
  const { server, checkDocument, readIdentity, operationTimeoutMs, logger, clock } = options;

  return async (request, acceptSubscription) => {
    const notes = { operation: null as string | null, actor: null as string | null };
    const response = await run(request, notes, acceptSubscription).catch((error: unknown) => {
      const { requestId } = request;
      if (!(error instanceof MedleyError)) logger.error({ err: error, requestId }, 'an operation failed');
      return presentFailure(error, requestId);
    });
    return { response: challenge(response, request.authorization), notes };
  };

  async function run(
    { body, requestId, identity: known, ...source }: OperationRequest,
    notes: { -readonly [Name in keyof OperationNotes]: OperationNotes[Name] },
    acceptSubscription: RouterContext['acceptSubscription'],
  ): Promise<OperationResponse> {
    const { query, variables, operationName } = parseBody(body);
    checkDocument(query);
    const identity = known ?? (await readIdentity(source));
    notes.actor = identity.actor.kind;
    const context: RouterContext = {
      requestId,
      identity,
      deadline: clock() + operationTimeoutMs,
      noteOperation: (name) => {
        notes.operation = name;
      },
      acceptSubscription,
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
