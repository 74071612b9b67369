import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlaybackTarget } from './playback/target.ts';
import { type Load, measure, measureSideBySide, printSideBySide } from './side-by-side.ts';

/**
 * `npm run bench:playback`: how many times a second somebody can press play. `playbackUrl` on some hundred tracks through
 * router and streaming, which holds their facts and meanwhile asks catalog and users what changed, all in one process, beside a
 * bare Node server that returns the same bytes, in turns. `DATA_DIR` names a catalog of your own; without it the sample catalog
 * is made first.
 */
const connections = 16;
const rounds = 3;

const ownDataDir = process.env.DATA_DIR ? null : await mkdtemp(join(tmpdir(), 'medley-bench-'));
const child = fork(fileURLToPath(new URL('./playback/target.ts', import.meta.url)), {
  execArgv: [...process.execArgv, '--max-semi-space-size=64'],
  env: { ...process.env, ...(ownDataDir && { DATA_DIR: ownDataDir }) },
});
const ended = once(child, 'exit');
try {
  const [target] = await Promise.race([once(child, 'message'), ended.then(() => [])]);
  if (!target) throw new Error('the service did not start');
  await run(target);
} finally {
  if (child.connected) child.send('stop');
  await ended;
  if (ownDataDir) await rm(ownDataDir, { recursive: true, force: true });
}

async function run({ graphUrl, bareUrl, bodies, headers, answerBytes }: PlaybackTarget): Promise<void> {
  const service: Load = {
    url: graphUrl,
    bodies,
    headers,
    connections,
    seconds: 6,
    expected: '"PlaybackGrant"',
    process: child,
  };
  // The first requests pay for compiling and planning.
  await measure({ ...service, seconds: 4 });
  const result = await measureSideBySide(service, { ...service, url: bareUrl, seconds: 3 }, rounds);
  console.log(
    `${connections} connections, ${bodies.length} tracks, answers of ${answerBytes} bytes, the best of ${rounds} rounds:`,
  );
  printSideBySide('playbackUrl', result);
}
