import type { Logger, Metrics } from '@medley/service';
import type { OperationRequest, RunOperation } from './operation-runner.ts';
import type { OperationResponse } from './present.ts';

/** From a request to its answer, without a transport. Never throws. */
export type HandleOperation = (request: OperationRequest) => Promise<OperationResponse>;

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
  readonly run: RunOperation;
  readonly logger: Logger;
  readonly observe: OperationObserver;
}

/** Runs an operation and leaves one line in the log. */
export function createOperationHandler({
  graph,
  run,
  logger,
  observe,
}: OperationHandlerOptions): HandleOperation {
  return async (request) => {
    const startedAt = performance.now();
    const { response, notes } = await run(request);
    const durationMs = performance.now() - startedAt;
    observe(graph, response, durationMs);
    logger.info(
      {
        requestId: request.requestId,
        graph,
        ...notes,
        status: response.status,
        codes: [...new Set(response.codes)],
        durationMs: Math.round(durationMs),
      },
      'operation',
    );
    return response;
  };
}
