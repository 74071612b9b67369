import { identityHeader } from '@medley/identity';
import { Pool } from 'undici';
import { LinkError, maxAnswerBytes, type SubgraphLink } from './link.ts';

/**
 * Over HTTP, by a pool of connections that are kept alive.
 * @param url of the subgraph's GraphQL endpoint
 * @param maxBytes a longer answer is given up
 */
export function createHttpLink({
  url,
  connections = 64,
  maxBytes = maxAnswerBytes,
}: {
  url: string;
  connections?: number;
  maxBytes?: number;
}): SubgraphLink {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, keepAliveTimeout: 30_000 });
  return {
    async send({ body, identity, requestId, signal }) {
      let began = false;
      try {
        const response = await pool.request({
          method: 'POST',
          path: pathname,
          headers: {
            'content-type': 'application/json',
            accept: 'application/json',
            [identityHeader]: identity,
            'x-request-id': requestId,
          },
          body,
          signal,
        });
        began = true;
        if (response.statusCode !== 200) {
          await response.body.dump();
          throw new LinkError('UPSTREAM_UNAVAILABLE', `${url} answered with status ${response.statusCode}`);
        }
        return {
          body: await readAtMost(response.body, maxBytes, url),
          cacheControl: response.headers['cache-control']?.toString(),
        };
      } catch (error) {
        throw toLinkError(error, signal, url, began);
      }
    },
    close: () => pool.destroy(),
  };
}

async function readAtMost(stream: AsyncIterable<Buffer>, maxBytes: number, url: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream: the rest is not read.
    if (bytes > maxBytes)
      throw new LinkError('UPSTREAM_UNAVAILABLE', `${url} answered with more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function toLinkError(error: unknown, signal: AbortSignal, url: string, began: boolean): LinkError {
  if (error instanceof LinkError) return error;
  if (signal.aborted) return new LinkError('UPSTREAM_TIMEOUT', `${url} did not answer in time`, error);
  const message = began ? `${url} broke off its answer` : `${url} could not be reached`;
  return new LinkError('UPSTREAM_UNAVAILABLE', message, error, !began);
}
