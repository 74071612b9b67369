import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** A repository with one deployable and one package, laid out as this one is. */
const files: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'service/package.json': '{ "type": "module" }',
  'service/src/main.ts': `
    import { verifySync, hashSync } from '@node-rs/argon2';
    import { startEcho } from '@medley/echo';
    import { double } from '../../packages/echo/src/double.ts';

    const native = verifySync(hashSync('a'), 'a');
    console.log(JSON.stringify({ double: double(4), native, ...(await startEcho()) }));`,
  'service/src/commands/fail.ts': `
    import { fail } from '@medley/echo';

    fail();`,
  'packages/echo/package.json':
    '{ "name": "@medley/echo", "type": "module", "exports": { ".": "./src/index.ts" } }',
  'packages/echo/greeting.txt': 'hello',
  // A version that could not be hoisted: it lies in the package's own node_modules.
  'packages/echo/node_modules/left/package.json':
    '{ "name": "left", "version": "2.0.0", "main": "index.js", "type": "module" }',
  'packages/echo/node_modules/left/index.js': 'export const version = 2;',
  'packages/echo/src/double.ts': 'export const double = (value: number): number => 2 * value;',
  'packages/echo/src/echo-worker.ts': `
    import { parentPort } from 'node:worker_threads';
    import { double } from './double.ts';

    parentPort?.postMessage(double(21));`,
  'packages/echo/src/index.ts': `
    import { readFileSync } from 'node:fs';
    import { Worker } from 'node:worker_threads';
    import { version } from 'left';

    export async function startEcho() {
      const worker = new Worker(new URL('./echo-worker.ts', import.meta.url));
      const answer = await new Promise((resolve) => worker.once('message', resolve));
      return { answer, version, greeting: readFileSync(new URL('../greeting.txt', import.meta.url), 'utf8') };
    }

    export function fail(): never {
      throw new Error('planted');
    }`,
};

describe('a bundle', () => {
  let repository: string;

  beforeAll(async () => {
    repository = realpathSync(mkdtempSync(join(tmpdir(), 'medley-bundle-')));
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(repository, file)), { recursive: true });
      writeFileSync(join(repository, file), content);
    }
    cpSync(join(root, 'scripts'), join(repository, 'scripts'), { recursive: true });
    mkdirSync(join(repository, 'node_modules/@medley'), { recursive: true });
    symlinkSync(join(repository, 'packages/echo'), join(repository, 'node_modules/@medley/echo'));
    symlinkSync(join(root, 'node_modules/@node-rs'), join(repository, 'node_modules/@node-rs'));
    symlinkSync(join(root, 'node_modules/vite'), join(repository, 'node_modules/vite'));

    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const service = join(repository, 'service');
    await run(process.execPath, [vite, 'build', '--config', '../scripts/bundle.config.ts'], { cwd: service });
  });
  afterAll(() => rmSync(repository, { recursive: true }));

  it('runs with its workspaces in it, its worker beside it, and native code and files found where they are', async () => {
    const { stdout } = await run(process.execPath, [join(repository, 'service/dist/main.js')]);
    expect(JSON.parse(stdout)).toEqual({
      double: 8,
      native: true,
      answer: 42,
      version: 2,
      greeting: 'hello',
    });
  });

  it('has each command as an entry, with stacks that name the source', async () => {
    const command = join(repository, 'service/dist/fail.js');
    const failure = run(process.execPath, ['--enable-source-maps', command]);
    await expect(failure).rejects.toThrow(/planted[\s\S]*packages\/echo\/src\/index\.ts:\d+/);
  });
});
