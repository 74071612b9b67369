import { LinkError, type LinkEvent, type LiveSubgraphLink, maxAnswerBytes } from './link.ts';
import { beginLife, endedByReturn, type StreamLife } from './stream-life.ts';

interface SignedBody {
  readonly body: string;
  readonly identity: string | undefined;
}
interface Response {
  readonly status: number;
  readonly body: string;
  readonly cacheControl?: string | undefined;
}

/** What a subgraph offers to callers of its own process. */
interface Executable {
  execute(request: SignedBody): Promise<Response>;
  /** Left out by who pushes nothing. Its events throw when the stream broke off. */
  subscribe?(
    request: SignedBody & { readonly signal: AbortSignal },
  ): Promise<Response | { readonly events: AsyncIterable<LinkEvent> }>;
}

/**
 * In process: the same signed requests and the same texts as over HTTP, without the wire.
 * @param maxBytes a longer answer or result is given up
 */
export function createInProcessLink(
  name: string,
  subgraph: Executable,
  { maxBytes = maxAnswerBytes }: { maxBytes?: number } = {},
): LiveSubgraphLink {
  const lives = new Set<StreamLife>();
  let closed = false;
  const closedError = () => new LinkError('UPSTREAM_UNAVAILABLE', `the link to ${name} is closed`);

  function refuse({ status, body }: Response): void {
    if (status !== 200) throw new LinkError('UPSTREAM_UNAVAILABLE', `${name} answered with status ${status}`);
    refuseLong(body);
  }

  function refuseLong(text: string): void {
    if (Buffer.byteLength(text) > maxBytes)
      throw new LinkError('UPSTREAM_UNAVAILABLE', `${name} answered with more than ${maxBytes} bytes`);
  }

  async function* readUntil(life: StreamLife, events: AsyncIterable<LinkEvent>) {
    try {
      for await (const event of events) {
        if (life.signal.aborted) break;
        refuseLong(event.body);
        yield event;
      }
    } catch (error) {
      if (!life.signal.aborted) throw toLinkError(error, name);
    } finally {
      lives.delete(life);
      life.end();
    }
    const { reason } = life.signal;
    if (reason instanceof LinkError) throw reason;
  }

  return {
    async send({ body, identity, signal }) {
      const response = await untilAborted(() => subgraph.execute({ body, identity }), signal, name);
      refuse(response);
      return { body: response.body, cacheControl: response.cacheControl };
    },
    async subscribe({ body, identity, signal: left }) {
      if (closed) throw closedError();
      const life = beginLife(left);
      const { signal, end } = life;
      try {
        const begin = async () => subgraph.subscribe?.({ body, identity, signal });
        const answer = await untilAborted(begin, signal, name);
        if (!answer) throw new LinkError('UPSTREAM_UNAVAILABLE', `${name} pushes nothing`);
        if ('events' in answer) {
          lives.add(life);
          signal.addEventListener('abort', () => lives.delete(life));
          return { events: endedByReturn(readUntil(life, answer.events), () => end()) };
        }
        refuse(answer);
        end();
        return { refusal: answer.body };
      } catch (error) {
        end();
        throw error;
      }
    },
    async close() {
      closed = true;
      for (const life of [...lives]) life.end(closedError());
    },
  };
}

const toLinkError = (error: unknown, name: string) =>
  error instanceof LinkError ? error : new LinkError('UPSTREAM_UNAVAILABLE', `${name} failed`, error);

function untilAborted<T>(start: () => Promise<T>, signal: AbortSignal, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new LinkError('UPSTREAM_TIMEOUT', `${name} did not answer in time`));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    start()
      .then(resolve, (error) => reject(toLinkError(error, name)))
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
