import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { type Beat, type Bell, createBells, playBeat, type Sequences } from './bells.ts';
import { readCpuMs, readMemory } from './figures.ts';
import { answer } from './questions.ts';
import { openSlowDoor } from './slow-door.ts';

/**
 * The floor: graphql-ws on ws, which gets ready results in its own process and sends them. It reads no identity, plans nothing, asks nobody; as the
 * usual pub/sub does, it keeps for each client all that waits.
 */
const bells = createBells(Number(process.argv[2]));
const slowDoorPath = process.argv[3] as string;
const templates = { playlist: '', own: '' };

/** One result for all who listen to the bell, made when it rings. */
class ReadyResult {
  #result: object | undefined;
  #sequence = -1;

  of(bell: Bell, template: string): object {
    if (this.#result && this.#sequence === bell.sequence) return this.#result;
    this.#sequence = bell.sequence;
    this.#result = JSON.parse(template.replace(/@@\d{16}#\d{8}/, bell.marker)) as object;
    return this.#result;
  }
}
const ready = new Map<Bell, ReadyResult>(
  [bells.playlist, ...bells.own].map((bell) => [bell, new ReadyResult()]),
);

async function* results(bell: Bell, template: string): AsyncGenerator<object> {
  const resultNow = () => (ready.get(bell) as ReadyResult).of(bell, template);
  const waiting = [resultNow()];
  let wake = () => {};
  const leave = bell.listen(() => {
    waiting.push(resultNow());
    wake();
  });
  try {
    for (;;) {
      for (let next = waiting.shift(); next; next = waiting.shift()) yield next;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    leave();
  }
}

const schema = buildSchema('type Query { none: Int } type Subscription { none: Int }');
const document = parse('subscription { none }');
const server = createServer();
const sockets = new WebSocketServer({ server, path: '/graphql' });
useServer(
  {
    schema,
    onSubscribe: ({ connectionParams }, _id, { query }) => ({
      schema,
      document,
      contextValue: {
        bell: query.includes('playlistChanged')
          ? bells.playlist
          : bells.own[
              Number(String(connectionParams?.authorization).replace('Bearer ', '')) % bells.own.length
            ],
      },
    }),
    subscribe: ({ contextValue }) => {
      const { bell } = contextValue as { bell: Bell };
      return results(bell, bell === bells.playlist ? templates.playlist : templates.own);
    },
  },
  sockets,
);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const closeSlowDoor = await openSlowDoor(server, slowDoorPath);

const answers = {
  url: () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
  /** The results to send, as JSON with a marker in it. */
  templates: (given: { playlist: string; own: string }) => {
    Object.assign(templates, given);
  },
  beat: (beat: Beat): Promise<Sequences> => playBeat(bells, beat),
  memory: readMemory,
  cpuMs: readCpuMs,
  async stop() {
    await closeSlowDoor();
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  },
};
export type BareAnswers = typeof answers;
answer(answers);
