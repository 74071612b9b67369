import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRemoteCommand } from '../../src/control/client.ts';
import { InterruptedError } from '../../src/control/command-line.ts';
import type { Command } from '../../src/control/protocol.ts';
import { startControlServer } from '../../src/control/server.ts';
import type { Holder } from '../../src/data-folder.ts';

let interrupted = false;
const commands: Record<string, Command<{ factor: number }>> = {
  double: async ({ factor }, args, { screen }) => {
    screen.progress('half way');
    screen.line('a line');
    return { doubled: (args as { value: number }).value * factor };
  },
  fail: async () => {
    throw new Error('there is no such file');
  },
  forever: (_deps, _args, { screen, signal }) =>
    new Promise((_resolve, reject) => {
      screen.line('started');
      signal.addEventListener('abort', () => {
        interrupted = true;
        reject(new Error('interrupted'));
      });
    }),
};

let server: Awaited<ReturnType<typeof startControlServer>>;
let holder: Holder;
beforeAll(async () => {
  server = await startControlServer(commands, { factor: 2 });
  holder = { pid: 1, host: 'here', processStart: null, since: 'now', control: server };
});
afterAll(() => server.stop());

function createScreen(onLine: () => void = () => {}) {
  const shown: string[] = [];
  return {
    shown,
    progress: (text: string) => void shown.push(`~${text}`),
    line: (text: string) => {
      shown.push(text);
      onLine();
    },
  };
}
const signal = new AbortController().signal;

describe('a command through the running service', () => {
  it('shows its progress and gives its result', async () => {
    const screen = createScreen();
    expect(await runRemoteCommand(holder, 'double', { value: 21 }, { screen, signal })).toEqual({
      doubled: 42,
    });
    expect(screen.shown).toEqual(['~half way', 'a line']);
  });

  it('fails here as it failed there', async () => {
    await expect(runRemoteCommand(holder, 'fail', {}, { screen: createScreen(), signal })).rejects.toThrow(
      'there is no such file',
    );
  });

  it('is interrupted when the caller leaves', async () => {
    const leave = new AbortController();
    const left = new InterruptedError();
    const screen = createScreen(() => leave.abort(left));
    await expect(runRemoteCommand(holder, 'forever', {}, { screen, signal: leave.signal })).rejects.toBe(
      left,
    );
    await expect.poll(() => interrupted).toBe(true);
  });

  it('needs the secret', async () => {
    const stranger = { ...holder, control: { url: server.url, secret: 'guess' } };
    await expect(
      runRemoteCommand(stranger, 'double', {}, { screen: createScreen(), signal }),
    ).rejects.toThrow('401');
  });

  it('must exist', async () => {
    await expect(runRemoteCommand(holder, 'unknown', {}, { screen: createScreen(), signal })).rejects.toThrow(
      '404',
    );
  });

  it('is told when the process goes away', async () => {
    const dying = await startControlServer(
      {
        die: async (_deps, _args, { screen }) => {
          screen.line('started');
          void dying.stop();
          await new Promise(() => {});
        },
      },
      {},
    );
    await expect(
      runRemoteCommand({ ...holder, control: dying }, 'die', {}, { screen: createScreen(), signal }),
    ).rejects.toThrow('ended before the command die was done; run it again to go on');
  });

  it('waits for a service that is still starting', async () => {
    await expect(
      runRemoteCommand({ ...holder, control: null }, 'double', {}, { screen: createScreen(), signal }),
    ).rejects.toThrow('takes no commands yet');
  });
});
