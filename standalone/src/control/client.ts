import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Holder } from '../data-folder.ts';
import type { Screen } from '../screen.ts';
import { commandEventSchema } from './protocol.ts';

/**
 * Runs a command in the process that holds the data.
 * @throws Error with the command's own message when it failed there, or when the process went away; the reason of the signal when that
 * was aborted
 */
export async function runRemoteCommand(
  holder: Holder,
  name: string,
  args: unknown,
  { screen, signal }: { screen: Pick<Screen, 'progress' | 'line'>; signal: AbortSignal },
): Promise<unknown> {
  if (!holder.control) {
    throw new Error(
      `process ${holder.pid} holds the data and takes no commands yet; try again when it is ready`,
    );
  }
  const sayGone = (): never => {
    // Whatever it looked like from here: the stream may have ended, or failed.
    if (signal.aborted) throw signal.reason;
    throw new Error(`process ${holder.pid} ended before the command ${name} was done; run it again to go on`);
  };
  const response = await fetch(`${holder.control.url}/commands/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${holder.control.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
    signal,
  }).catch(sayGone);
  if (!response.ok || !response.body) {
    throw new Error(`process ${holder.pid} refused the command ${name} with status ${response.status}`);
  }
  const lines = createInterface({ input: Readable.fromWeb(response.body as never) })[Symbol.asyncIterator]();
  for (;;) {
    const { done, value: line } = await lines.next().catch(sayGone);
    if (done) return sayGone();
    const event = commandEventSchema.parse(JSON.parse(line));
    if (event.type === 'progress') screen.progress(event.text);
    else if (event.type === 'line') screen.line(event.text);
    else if (event.type === 'result') return event.result;
    else throw new Error(event.message);
  }
}
