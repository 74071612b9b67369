import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';

/**
 * `npm run bench:router`: one federated operation (20 artists, 100 tracks, two levels of fetches, three subgraphs that
 * answer from memory) through the router over HTTP, beside a bare Node server that returns the same bytes, in turns.
 * Timings of a busy machine swing; the ratio and the CPU time per request swing less.
 */
const connections = 16;
const secondsEach = 6;
const rounds = 3;

interface Target {
  readonly routerUrl: string;
  readonly bareUrl: string;
  readonly body: string;
  readonly authorization: string;
  readonly answerBytes: number;
}

interface Round {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerRequest: number;
}

const child = fork(fileURLToPath(new URL('./router/target.ts', import.meta.url)), {
  execArgv: [...process.execArgv, '--max-semi-space-size=64'],
});
try {
  const [target] = (await once(child, 'message')) as [Target];
  await measure(target.routerUrl, target, 3);
  const routed: Round[] = [];
  const bare: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    routed.push(await measure(target.routerUrl, target, secondsEach));
    bare.push(await measure(target.bareUrl, target, secondsEach / 2));
  }
  print(target, best(routed), best(bare));
} finally {
  child.kill();
}

async function measure(url: string, { body, authorization }: Target, duration: number): Promise<Round> {
  const cpuBefore = await askCpuMs(child);
  const result = await autocannon({
    url,
    connections,
    duration,
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', authorization },
  });
  const cpuMs = (await askCpuMs(child)) - cpuBefore;
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx + result.errors} failed`);
  return {
    requestsPerSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMsPerRequest: cpuMs / result.requests.total,
  };
}

async function askCpuMs(process: ChildProcess): Promise<number> {
  process.send('cpu');
  const [{ cpuMs }] = (await once(process, 'message')) as [{ cpuMs: number }];
  return cpuMs;
}

/** The round that others on the machine disturbed least. */
function best(all: readonly Round[]): Round {
  return all.reduce((a, b) => (b.requestsPerSecond > a.requestsPerSecond ? b : a));
}

function print({ answerBytes }: Target, routed: Round, bare: Round): void {
  const row = (name: string, { requestsPerSecond, p50Ms, p99Ms, cpuMsPerRequest }: Round) => ({
    server: name,
    'req/s': Math.round(requestsPerSecond),
    'p50 ms': p50Ms,
    'p99 ms': p99Ms,
    'CPU ms/req': Number(cpuMsPerRequest.toFixed(3)),
  });
  console.log(`${connections} connections, an answer of ${answerBytes} bytes, the best of ${rounds} rounds:`);
  console.table([row('router', routed), row('bare Node server', bare)]);
  const ratio = bare.requestsPerSecond / routed.requestsPerSecond;
  console.log(`the bare server answers ${ratio.toFixed(1)} times as many requests a second`);
}
