import { identityHeader } from '@medley/identity';
import { Client, type Dispatcher, Pool } from 'undici';
import { readEventStream } from './event-stream.ts';
import { LinkError, type LinkRequest, type LiveSubgraphLink, maxAnswerBytes } from './link.ts';
import { beginLife, endedByReturn, type StreamLife } from './stream-life.ts';

/** A subgraph that began a stream says something every 10 s; after three that did not come it is gone. In milliseconds. */
const longestSilenceMs = 35_000;
/** How long a subgraph may take to begin a stream, in milliseconds. */
const beginTimeoutMs = 10_000;

/**
 * Over HTTP, by a pool of connections that are kept alive. Subscriptions are server-sent events, each on a connection of its own, which ends with it.
 * @param url of the subgraph's GraphQL endpoint
 * @param connections at most, for what is answered at once; subscriptions have no limit
 * @param maxBytes a longer answer or result is given up
 * @param silenceMs a stream that is silent for longer has broken
 */
export function createHttpLink({
  url,
  connections = 64,
  maxBytes = maxAnswerBytes,
  silenceMs = longestSilenceMs,
}: {
  url: string;
  connections?: number;
  maxBytes?: number;
  silenceMs?: number;
}): LiveSubgraphLink {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, keepAliveTimeout: 30_000 });
  const streams = new Set<Client>();

  /** A connection that lasts as long. In a pool, undici would connect anew for each request that was aborted, and keep that. */
  function openStream({ signal }: StreamLife): Client {
    const client = new Client(origin, { headersTimeout: beginTimeoutMs, bodyTimeout: silenceMs });
    streams.add(client);
    const close = () => {
      streams.delete(client);
      void client.destroy();
    };
    if (signal.aborted) close();
    else signal.addEventListener('abort', close);
    return client;
  }

  async function post(
    over: Dispatcher,
    accept: string,
    { body, identity, requestId }: LinkRequest,
    signal?: AbortSignal,
  ) {
    const response = await over.request({
      method: 'POST',
      path: pathname,
      headers: {
        'content-type': 'application/json',
        accept,
        [identityHeader]: identity,
        'x-request-id': requestId,
      },
      body,
      signal,
    });
    // Ended before anybody reads it, it fails with nobody to listen.
    response.body.on('error', () => {});
    return response;
  }

  async function refuseFailure({ statusCode, body }: Awaited<ReturnType<typeof post>>) {
    if (statusCode === 200) return;
    await body.dump();
    throw new LinkError('UPSTREAM_UNAVAILABLE', `${url} answered with status ${statusCode}`);
  }

  return {
    async send(request) {
      const { signal } = request;
      let began = false;
      try {
        const response = await post(pool, 'application/json', request, signal);
        began = true;
        await refuseFailure(response);
        return {
          body: await readAtMost(response.body, maxBytes, url),
          cacheControl: response.headers['cache-control']?.toString(),
        };
      } catch (error) {
        throw toLinkError(error, signal, url, began);
      }
    },
    async subscribe(request) {
      const life = beginLife(request.signal);
      let began = false;
      try {
        const response = await post(openStream(life), 'text/event-stream', request);
        began = true;
        await refuseFailure(response);
        if (!response.headers['content-type']?.toString().startsWith('text/event-stream')) {
          const refusal = await readAtMost(response.body, maxBytes, url);
          life.end();
          return { refusal };
        }
        return { events: endedByReturn(readUntil(life, response.body), () => life.end()) };
      } catch (error) {
        const failure = toLinkError(error, life.signal, url, began);
        life.end();
        throw failure;
      }
    },
    async close() {
      await Promise.all([pool, ...streams].map((each) => each.destroy()));
    },
  };

  async function* readUntil({ signal, end }: StreamLife, body: AsyncIterable<Buffer>) {
    try {
      for await (const event of readEventStream(body, maxBytes, url)) {
        if (signal.aborted) return;
        yield event;
      }
    } catch (error) {
      if (!signal.aborted) throw toLinkError(error, signal, url, true);
    } finally {
      end();
    }
  }
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
