import type { ServerResponse } from 'node:http';
import type { SubgraphEvent } from './subscriptions.ts';

/** A comment comes this often, so that both ends know that the other is there. In milliseconds. */
const heartbeatMs = 10_000;
/** Who took nothing for so long has gone without a word. In milliseconds. */
const stalledMs = 60_000;

/**
 * Writes events as server-sent events: `next` or, when it replaces what came before, `replace`; `complete` when they have ended for good. A stream that
 * closes without it broke off, and may be begun again after its last id.
 * @param events the next is asked for when the one before was taken
 * @param signal aborted when the reader has left
 */
export async function writeEventStream(
  response: ServerResponse,
  events: AsyncIterable<SubgraphEvent>,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  // What is written to a reader who has just left.
  response.on('error', () => {});
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n');
  }, heartbeatMs);
  try {
    for await (const event of events) {
      if (!response.write(frameOf(event))) await drained(response, signal);
    }
    if (!signal.aborted) response.end('event: complete\ndata:\n\n');
  } catch (error) {
    if (error instanceof StalledError) response.destroy();
    // What was written before still gets there.
    else response.end();
  } finally {
    clearInterval(heartbeat);
  }
}

function frameOf({ body, cursor, replaces }: SubgraphEvent): string {
  const id = cursor === undefined ? '' : `id: ${cursor}\n`;
  return `event: ${replaces ? 'replace' : 'next'}\n${id}data: ${body}\n\n`;
}

class StalledError extends Error {}

/**
 * @returns when there is room for more, or the reader has left
 * @throws StalledError when he takes nothing for a minute
 */
function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new StalledError())), stalledMs);
    const go = () => settle(resolve);
    function settle(how: () => void) {
      clearTimeout(timer);
      response.off('drain', go);
      signal.removeEventListener('abort', go);
      how();
    }
    response.on('drain', go);
    signal.addEventListener('abort', go);
    if (signal.aborted) go();
  });
}
