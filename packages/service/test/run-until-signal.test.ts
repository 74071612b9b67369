import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const service = new URL('../src/index.ts', import.meta.url).href;

/** Runs a process with this body of `start`, which may call `crash`. @returns its status and what it wrote */
async function run(start: string): Promise<{ code: number | null; log: string }> {
  const source = `import { createServer } from 'node:net';
    import { createLogger, runUntilSignal } from ${JSON.stringify(service)};
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    await runUntilSignal(createLogger('test', 'info'), async ({ crash }) => {
      await new Promise((resolve) => createServer().listen(0, '127.0.0.1', resolve));
      ${start}
    });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  child.stdout.on('data', (data) => {
    log += String(data);
  });
  const kill = setTimeout(() => child.kill('SIGKILL'), 40_000);
  const [code] = await once(child, 'close');
  clearTimeout(kill);
  return { code, log };
}

it('ends with 1 when the start fails, although something is open already', async () => {
  const { code, log } = await run(`throw new Error('no database');`);
  expect(code).toBe(1);
  expect(log).toContain('could not start');
  expect(log).toContain('no database');
});

it('stops in order on a signal that comes while it starts', async () => {
  const { code, log } = await run(`
    process.kill(process.pid, 'SIGTERM');
    await pause(50);
    return async () => console.log('closed what it opened');`);
  expect(code).toBe(0);
  expect(log).toContain('closed what it opened');
});

it('stops in order and ends with 1 when what it runs for has crashed, and says so', async () => {
  const { code, log } = await run(`
    setTimeout(() => crash(new Error('the group is gone')), 50);
    return async () => { await pause(50); console.log('closed what it opened'); };`);
  expect(code).toBe(1);
  expect(log).toMatch(/"level":60.*the group is gone/);
  expect(log).toContain('closed what it opened');
});

it('waits for the start when something crashes meanwhile, even at once', async () => {
  const { code, log } = await run(`
    crash(new Error('the group is gone'));
    await pause(50);
    return async () => console.log('closed what it opened');`);
  expect(code).toBe(1);
  expect(log).toContain('the group is gone');
  expect(log).toContain('closed what it opened');
});

it('stops once when two things crash, and tells of both', async () => {
  const { code, log } = await run(`
    setTimeout(() => { crash(new Error('first')); crash(new Error('second')); }, 50);
    return async () => console.log('closed what it opened');`);
  expect(code).toBe(1);
  expect(log.match(/closed what it opened/g)).toHaveLength(1);
  // The logger does not keep the order of lines that come together; their times do.
  expect(log).toContain('"message":"first"');
  expect(log).toContain('"message":"second"');
});

it('ends with 1 when something crashes while a signal stops it', async () => {
  const { code } = await run(`
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);
    return async () => { crash(new Error('the group is gone')); };`);
  expect(code).toBe(1);
});
