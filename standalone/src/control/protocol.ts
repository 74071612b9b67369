import { z } from 'zod';
import type { Screen } from '../screen.ts';

/**
 * How commands reach the process that holds the data: `POST /commands/<name>` on its control address, with the secret
 * of `holder.json` as bearer token and the arguments as JSON. The answer is one JSON object per line: any number of
 * `progress` and `line`, then one `result` or `error`. Hanging up interrupts the command.
 */
export const commandEventSchema = z.discriminatedUnion('type', [
  /** Replaces the last progress on the screen. */
  z.object({ type: z.literal('progress'), text: z.string() }),
  /** Stays on the screen. */
  z.object({ type: z.literal('line'), text: z.string() }),
  z.object({ type: z.literal('result'), result: z.unknown() }),
  z.object({ type: z.literal('error'), message: z.string() }),
]);
export type CommandEvent = z.output<typeof commandEventSchema>;

/** A command of the service: arguments are JSON, and so is the result. */
export type Command<Deps> = (
  deps: Deps,
  args: unknown,
  run: { screen: Pick<Screen, 'progress' | 'line'>; signal: AbortSignal },
) => Promise<unknown>;
