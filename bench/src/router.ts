import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RouterTarget } from './router/target.ts';
import { type Load, measure, measureSideBySide, printSideBySide } from './side-by-side.ts';

/**
 * `npm run bench:router`: one federated operation (20 artists, 100 tracks, two levels of fetches, three subgraphs that
 * answer from memory) through the router over HTTP, beside a bare Node server that returns the same bytes, in turns.
 * Timings of a busy machine swing; the ratio and the CPU time per request swing less.
 */
const connections = 16;
const rounds = 3;

const child = fork(fileURLToPath(new URL('./router/target.ts', import.meta.url)), {
  execArgv: [...process.execArgv, '--max-semi-space-size=64'],
});
try {
  const [{ routerUrl, bareUrl, body, authorization, answerBytes }] = (await once(child, 'message')) as [
    RouterTarget,
  ];
  const router: Load = {
    url: routerUrl,
    bodies: [body],
    headers: { authorization },
    connections,
    seconds: 6,
    expected: '"playable":true',
    process: child,
  };
  await measure({ ...router, seconds: 3 });
  const result = await measureSideBySide(router, { ...router, url: bareUrl, seconds: 3 }, rounds);
  console.log(`${connections} connections, an answer of ${answerBytes} bytes, the best of ${rounds} rounds:`);
  printSideBySide('router', result);
} finally {
  child.kill();
}
