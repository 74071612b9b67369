import { type DataFolder, findHolder, holdDataFolder } from '../data-folder.ts';
import { createTerminalScreen, type Screen } from '../screen.ts';
import { runRemoteCommand } from './client.ts';

/** Ctrl-C was pressed. */
export class InterruptedError extends Error {
  constructor() {
    super('interrupted; run it again to go on');
    this.name = 'InterruptedError';
  }
}

/** What a command does here, when no running service holds the data. */
export type RunHere = (folder: DataFolder, run: { screen: Screen; signal: AbortSignal }) => Promise<unknown>;

/**
 * Runs a command of the service from a terminal: in the running service when one holds the data, else here. Ctrl-C
 * interrupts it in both cases; a second one ends this process at once.
 * @param dataDir held by that service, or taken
 * @param name and args of the command, as the running service knows it
 * @returns its result
 * @throws InterruptedError when it was interrupted in the running service
 */
export async function runCommandLine(
  dataDir: string,
  name: string,
  args: unknown,
  runHere: RunHere,
): Promise<unknown> {
  // Results go to standard output, which scripts read.
  const screen = createTerminalScreen(process.stderr);
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

/** A signal that Ctrl-C aborts, with an InterruptedError; a second Ctrl-C ends the process. */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    process.once('SIGINT', () => process.exit(130));
    controller.abort(new InterruptedError());
  });
  return controller.signal;
}
