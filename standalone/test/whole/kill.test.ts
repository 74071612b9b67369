import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@medley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyPreparedFolder } from './prepared-folder.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const account = {
  email: 'survivor@example.com',
  password: 'a quiet harbour',
  displayName: 'S',
  country: 'DE',
};

let dataDir: string;
let port: number;
const children: ChildProcess[] = [];
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'medley-kill-'));
  await copyPreparedFolder(dataDir);
  port = await findFreePort();
}, 180_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

/** Starts the service as a process of its own, and waits until it is ready or has ended. */
async function start(): Promise<{
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}> {
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: dataDir,
      PORT: String(port),
      EDGE_PORT: String(await findFreePort()),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const chunks: string[] = [];
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  await new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        chunks.push(chunk.toString());
        if (chunks.join('').includes('Ready in')) resolve();
      });
    }
    void ended.then(() => resolve());
  });
  return { child, output: () => chunks.join(''), ended };
}

async function ask(query: string, variables: object) {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as { data: Record<string, { userErrors: unknown[] }> };
}

describe('a service that is killed', () => {
  it('says who holds the data, survives kill -9 with what it answered, and stops in order', async () => {
    const first = await start();
    const signUp =
      'mutation ($input: ViewerSignUpInput!) { viewerSignUp(input: $input) { userErrors { code } } }';
    expect((await ask(signUp, { input: account })).data.viewerSignUp?.userErrors).toEqual([]);

    const rival = await start();
    expect(await rival.ended).toBe(1);
    expect(rival.output()).toMatch(new RegExp(`is held by process ${first.child.pid} on .* since .*`));

    first.child.kill('SIGKILL');
    await first.ended;
    const second = await start();
    const { email, password } = account;
    const signIn =
      'mutation ($input: ViewerSignInInput!) { viewerSignIn(input: $input) { userErrors { code } } }';
    expect((await ask(signIn, { input: { email, password } })).data.viewerSignIn?.userErrors).toEqual([]);

    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  }, 240_000);
});
