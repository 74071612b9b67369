import { buildApiSchema } from '@medley/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, parse, subscribe } from 'graphql';

/** One playlist that tells of its edits as server-sent events. */
export interface StubStreams {
  /** Somebody adds an item. */
  edit(): void;
  answer(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** The connections break. */
  breakAll(): void;
  /** The tokens of all expire. */
  expireAll(): void;
  /** The variables and headers of each time that a stream was begun. */
  readonly begun: {
    readonly variables: Record<string, unknown>;
    readonly authorization: string | undefined;
  }[];
  /** How many are open. */
  open(): number;
}

const schema = buildApiSchema();

export function createStubStreams(): StubStreams {
  const begun: StubStreams['begun'] = [];
  const streams = new Set<{ notify(): void; end(last?: ExecutionResult): void; break(): void }>();
  let edits = 0;

  function event(kind: string, since: number) {
    return {
      playlistChanged: {
        kind,
        cursor: `c${edits}`,
        edits: Array.from({ length: edits - since }, (_, index) => ({
          operationId: `operation-${since + index + 1}`,
          kind: 'ITEMS_ADDED',
          at: '2026-11-23T08:30:00.000Z',
          by: { id: 'user_00000000000000000000000000', displayName: 'Frieda Frei' },
          itemIds: [`item_${since + index + 1}`],
        })),
        playlist: {
          id: 'playlist_00000000000000000000000000',
          name: 'Swap Shop',
          itemCount: 30 + edits,
          followerCount: 2,
          snapshotId: `main-${edits}`,
          items: { nodes: [] },
        },
      },
    };
  }

  return {
    begun,
    open: () => streams.size,
    edit() {
      edits += 1;
      for (const stream of streams) stream.notify();
    },
    breakAll() {
      for (const stream of streams) stream.break();
    },
    expireAll() {
      const error = { message: 'The access token has expired.', extensions: { code: 'UNAUTHENTICATED' } };
      for (const stream of streams) stream.end({ errors: [error] } as unknown as ExecutionResult);
    },
    async answer(request, reply) {
      const { query, variables = {} } = request.body as {
        query: string;
        variables?: Record<string, unknown>;
      };
      begun.push({ variables, authorization: request.headers.authorization });
      let notify = () => {};
      async function* playlistChanged() {
        let told = Number(String(variables.after ?? 'c-1').slice(1));
        if (told < 0) {
          told = edits;
          yield event('STARTED', told);
        }
        for (;;) {
          if (told < edits) {
            const since = told;
            told = edits;
            yield event('CHANGED', since);
          }
          await new Promise<void>((resolve) => {
            notify = resolve;
          });
        }
      }
      const results = await subscribe({
        schema,
        document: parse(query),
        variableValues: variables,
        rootValue: { playlistChanged },
      });
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      raw.write(':\n\n');
      const write = (result: ExecutionResult) =>
        raw.write(`event: next\ndata: ${JSON.stringify(result)}\n\n`);
      const stream = {
        notify: () => notify(),
        end(last?: ExecutionResult) {
          if (last) write(last);
          raw.end('event: complete\ndata:\n\n');
        },
        break: () => raw.destroy(),
      };
      streams.add(stream);
      raw.on('close', () => streams.delete(stream));
      if (!(Symbol.asyncIterator in results)) return stream.end(results);
      for await (const result of results) {
        if (raw.destroyed) return;
        write(result);
      }
    },
  };
}
