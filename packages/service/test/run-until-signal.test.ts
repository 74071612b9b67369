import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const service = new URL('../src/index.ts', import.meta.url).href;

it('ends with 1 when the start fails, although something is open already', async () => {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      `import { createServer } from 'node:net';
       import { createLogger, runUntilSignal } from ${JSON.stringify(service)};
       await runUntilSignal(createLogger('failing', 'info'), async () => {
         await new Promise((resolve) => createServer().listen(0, '127.0.0.1', resolve));
         throw new Error('no database');
       });`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let log = '';
  child.stdout.on('data', (data) => {
    log += String(data);
  });
  const kill = setTimeout(() => child.kill('SIGKILL'), 15_000);
  const [code] = await once(child, 'close');
  clearTimeout(kill);
  expect(code).toBe(1);
  expect(log).toContain('could not start');
  expect(log).toContain('no database');
});

it('stops in order on a signal that comes while it starts', async () => {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      `import { createLogger, runUntilSignal } from ${JSON.stringify(service)};
       await runUntilSignal(createLogger('starting', 'info'), async () => {
         process.kill(process.pid, 'SIGTERM');
         await new Promise((resolve) => setTimeout(resolve, 50));
         return async () => console.log('closed what it opened');
       });`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let log = '';
  child.stdout.on('data', (data) => {
    log += String(data);
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(log).toContain('closed what it opened');
});
