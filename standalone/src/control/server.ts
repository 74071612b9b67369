import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Command, CommandEvent } from './protocol.ts';

/**
 * Takes commands on a loopback port of the system's choice.
 * @returns where, with which secret, and how to stop
 */
export async function startControlServer<Deps>(
  commands: Readonly<Record<string, Command<Deps>>>,
  deps: Deps,
): Promise<{ url: string; secret: string; stop: () => Promise<void> }> {
  const secret = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number) => response.writeHead(status).end();
    if (!isSame(request.headers.authorization ?? '', `Bearer ${secret}`)) return void refuse(401);
    const name = /^\/commands\/([a-z-]+)$/.exec(request.url ?? '')?.[1] ?? '';
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command || request.method !== 'POST') return void refuse(404);
    const args = parseJson(await readBody(request));
    if (args === undefined) return void refuse(400);
    const interrupt = new AbortController();
    response.on('close', () => interrupt.abort());
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const send = (event: CommandEvent) => response.write(`${JSON.stringify(event)}\n`);
    const screen = {
      progress: (text: string) => void send({ type: 'progress', text }),
      line: (text: string) => void send({ type: 'line', text }),
    };
    try {
      const result = await command(deps, args, { screen, signal: interrupt.signal });
      send({ type: 'result', result });
    } catch (error) {
      send({ type: 'error', message: error instanceof Error ? error.message : String(error) });
    }
    response.end();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 65_536) throw new Error('the arguments of a command have at most 64 KB');
  }
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
