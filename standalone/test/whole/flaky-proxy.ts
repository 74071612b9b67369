import { connect, createServer, type Socket } from 'node:net';

/** A way to a service on which connections break. */
export interface FlakyProxy {
  /** `http://127.0.0.1:…`. */
  readonly url: string;
  /** Breaks those of the open connections that are chosen, in the middle of whatever they carry. */
  break(isChosen: () => boolean): void;
  /** How many were broken. */
  broken(): number;
  stop(): Promise<void>;
}

/** @param choose the URL of the service that a new connection goes to */
export async function startFlakyProxy(choose: () => string): Promise<FlakyProxy> {
  const open = new Set<Socket>();
  let broken = 0;
  const server = createServer((client) => {
    const { hostname, port } = new URL(choose());
    const service = connect(Number(port), hostname);
    open.add(client);
    client.pipe(service).pipe(client);
    for (const [one, other] of [
      [client, service],
      [service, client],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => {
        open.delete(client);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    break(isChosen) {
      const chosen = [...open].filter(isChosen);
      for (const socket of chosen) socket.resetAndDestroy();
      broken += chosen.length;
    },
    broken: () => broken,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
