import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import autocannon from 'autocannon';

/** What a server did in one round of load. */
export interface Round {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the process under load. */
  readonly cpuMsPerRequest: number;
}

export interface Load {
  readonly url: string;
  /** Taken in turns, over all connections. */
  readonly bodies: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
  /** Every answer must hold this text. */
  readonly expected: string;
  /** Tells its CPU time when it gets the message `cpu`: see `answerCpuQuestions`. */
  readonly process: ChildProcess;
}

/**
 * One round of POST requests.
 * @throws Error when any of them failed, or was answered with something else: a fast error is no figure
 */
export async function measure(load: Load): Promise<Round> {
  const { url, bodies, headers, connections, seconds, expected, process } = load;
  let turn = 0;
  const cpuBefore = await askCpuMs(process);
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    requests: [
      {
        setupRequest(request) {
          turn += 1;
          return { ...request, body: bodies[turn % bodies.length] as string };
        },
      },
    ],
    verifyBody: (body) => String(body).includes(expected),
  });
  const cpuMs = (await askCpuMs(process)) - cpuBefore;
  const failed = result.non2xx + result.errors + result.mismatches;
  if (failed > 0) throw new Error(`${url}: ${failed} of ${result.requests.total} requests went wrong`);
  return {
    requestsPerSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMsPerRequest: cpuMs / result.requests.total,
  };
}

/** Measures both in turns, so that what else the machine does hits both; the best round of each counts. */
export async function measureSideBySide(
  service: Load,
  floor: Load,
  rounds: number,
): Promise<{ service: Round; floor: Round }> {
  const services: Round[] = [];
  const floors: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    services.push(await measure(service));
    floors.push(await measure(floor));
  }
  return { service: best(services), floor: best(floors) };
}

/** The round that others on the machine disturbed least. */
function best(all: readonly Round[]): Round {
  return all.reduce((a, b) => (b.requestsPerSecond > a.requestsPerSecond ? b : a));
}

export function printSideBySide(name: string, { service, floor }: { service: Round; floor: Round }): void {
  const row = (server: string, { requestsPerSecond, p50Ms, p99Ms, cpuMsPerRequest }: Round) => ({
    server,
    'req/s': Math.round(requestsPerSecond),
    'p50 ms': p50Ms,
    'p99 ms': p99Ms,
    'CPU ms/req': Number(cpuMsPerRequest.toFixed(3)),
  });
  console.table([row(name, service), row('bare Node server', floor)]);
  const ratio = floor.requestsPerSecond / service.requestsPerSecond;
  console.log(`the bare server answers ${ratio.toFixed(1)} times as many requests a second`);
}

async function askCpuMs(child: ChildProcess): Promise<number> {
  child.send('cpu');
  const [{ cpuMs }] = (await once(child, 'message')) as [{ cpuMs: number }];
  return cpuMs;
}
