import { LinkError, maxAnswerBytes, type SubgraphLink } from './link.ts';

/** What a subgraph offers to callers of its own process. */
interface Executable {
  execute(request: {
    body: string;
    identity: string | undefined;
  }): Promise<{ status: number; body: string; cacheControl?: string | undefined }>;
}

/**
 * In process: the same signed requests and the same texts as over HTTP, without the wire.
 * @param maxBytes a longer answer is given up
 */
export function createInProcessLink(
  name: string,
  subgraph: Executable,
  { maxBytes = maxAnswerBytes }: { maxBytes?: number } = {},
): SubgraphLink {
  return {
    async send({ body, identity, signal }) {
      const response = await untilAborted(() => subgraph.execute({ body, identity }), signal, name);
      if (response.status !== 200) {
        throw new LinkError('UPSTREAM_UNAVAILABLE', `${name} answered with status ${response.status}`);
      }
      if (Buffer.byteLength(response.body) > maxBytes)
        throw new LinkError('UPSTREAM_UNAVAILABLE', `${name} answered with more than ${maxBytes} bytes`);
      return { body: response.body, cacheControl: response.cacheControl };
    },
    close: async () => {},
  };
}

function untilAborted<T>(start: () => Promise<T>, signal: AbortSignal, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new LinkError('UPSTREAM_TIMEOUT', `${name} did not answer in time`));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    start()
      .then(resolve, (error) => reject(new LinkError('UPSTREAM_UNAVAILABLE', `${name} failed`, error)))
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
