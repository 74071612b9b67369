import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TestAccessLog } from './test-access-log.ts';

const main = new URL('../../src/commands/shipper.ts', import.meta.url).pathname;
const children: ChildProcess[] = [];

/** The process of the shipper, as in production but that it looks often; with the event log that the environment names. */
export async function startShipperProcess(
  access: TestAccessLog,
  environment: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      ACCESS_LOG_FILE: access.path,
      SHIPPER_STATE_FILE: join(access.folder, 'position.json'),
      EDGE_NODE: 'edge-1',
      SHIP_INTERVAL_MS: '100',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (data) => {
      const [, found] = /"url":"([^"]+)"/.exec(String(data)) ?? [];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
  return { child, url };
}

/** Ends all that were started, if they have not ended. */
export function killShippers(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
}
