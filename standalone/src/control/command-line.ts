import { type DataFolder, findHolder, holdDataFolder } from '../data-folder.ts';
import { runRemoteCommand } from './client.ts';
import type { CommandScreen } from './protocol.ts';

/** What a command does here, when no running service holds the data. */
export type RunHere = (
  folder: DataFolder,
  run: { screen: CommandScreen; signal: AbortSignal },
) => Promise<unknown>;

/**
 * Runs a command of the service from a terminal: in the running service when one holds the data, else here. Ctrl-C
 * interrupts it in both cases; a second one ends this process at once.
 * @param dataDir held by that service, or taken
 * @param name and args of the command, as the running service knows it
 * @returns its result
 */
export async function runCommandLine(
  dataDir: string,
  name: string,
  args: unknown,
  runHere: RunHere,
): Promise<unknown> {
  const screen = createTerminalScreen(process.stdout);
  const signal = untilInterrupted();
  const holder = await findHolder(dataDir);
  if (holder) {
    screen.line(`The service that runs as process ${holder.pid} does it.`);
    return runRemoteCommand(holder, name, args, { screen, signal });
  }
  const folder = await holdDataFolder(dataDir);
  try {
    return await runHere(folder, { screen, signal });
  } finally {
    await folder.release();
  }
}

/** A signal that Ctrl-C aborts; a second Ctrl-C ends the process. */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    process.once('SIGINT', () => process.exit(130));
    controller.abort(new Error('interrupted; run it again to go on'));
  });
  return controller.signal;
}

/** Progress is one line that changes on a terminal; elsewhere it is left out, but for one line every ten seconds. */
export function createTerminalScreen(output: {
  write(text: string): unknown;
  isTTY?: boolean;
}): CommandScreen {
  let shownAt = 0;
  let dirty = false;
  return {
    progress(text) {
      if (output.isTTY) {
        output.write(`\r\u001b[2K${text}`);
        dirty = true;
      } else if (Date.now() - shownAt > 10_000) {
        shownAt = Date.now();
        output.write(`${text}\n`);
      }
    },
    line(text) {
      output.write(dirty ? `\r\u001b[2K${text}\n` : `${text}\n`);
      dirty = false;
    },
  };
}
