import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The floor of a benchmark: a Node server that reads each request and returns the same bytes.
 * @returns its URL
 */
export async function startBareServer(answer: string): Promise<string> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) };
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, headers).end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Lets the parent ask how much CPU this process has used. */
export function answerCpuQuestions(): void {
  process.on('message', (message) => {
    if (message !== 'cpu') return;
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMs: (user + system) / 1_000 });
  });
}
