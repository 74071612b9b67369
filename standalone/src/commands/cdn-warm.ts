import { readConfig } from '@medley/config';
import { openWarming, warmingConfig } from '@medley/edge';
import { createMetrics } from '@medley/service';
import { audioQualities } from '@medley/signed-url';
import { z } from 'zod';
import { standaloneConfig } from '../config.ts';
import { cdnWarm } from '../control/cdn-warm.ts';
import { runRemoteCommand } from '../control/client.ts';
import { InterruptedError, untilInterrupted } from '../control/command-line.ts';
import { findHolder } from '../data-folder.ts';
import { createTerminalScreen } from '../screen.ts';
import { ArgumentsError, readOptions } from './events-command.ts';

type Run = Parameters<typeof cdnWarm>[2];

const usage = `usage: npm run cdn:warm -- [--tracks <count>] [--qualities <NORMAL,HIGH,…>] [--budget <megabytes>]
--tracks     so many of the most played tracks; the top one percent unless told otherwise
--qualities  in which to have them
--budget     what the origin may be asked for`;

/**
 * npm run cdn:warm: has what is played most in the caches of the edge. Of the edges that WARM_EDGE_URLS names, else of the running
 * standalone service. Exit status: 0 when it is done or the budget is spent, 1 when it failed, 2 for wrong arguments, 130 when it was
 * interrupted.
 */
try {
  const args = readArguments();
  const { WARM_EDGE_URLS: edges, DATA_DIR: dataDir } = readConfig(
    { WARM_EDGE_URLS: z.string().optional(), DATA_DIR: standaloneConfig.DATA_DIR },
    process.env,
  );
  const run = { screen: createTerminalScreen(process.stderr), signal: untilInterrupted() };
  const result = edges ? await warmEdges(args, run) : await warmStandalone(dataDir, args, run);
  const { ended } = z.object({ ended: z.string() }).parse(result);
  process.exitCode = ended === 'interrupted' ? 130 : ended === 'failing' ? 1 : 0;
} catch (error) {
  const left = error instanceof InterruptedError;
  console.error(left ? 'interrupted; what was fetched stays' : (error as Error).message);
  if (error instanceof ArgumentsError) console.error(`\n${usage}`);
  process.exitCode = error instanceof ArgumentsError ? 2 : left ? 130 : 1;
}

async function warmEdges(args: object, run: Run): Promise<unknown> {
  const { PORT: _port, HOST: _host, LOG_LEVEL: _level, ...shape } = warmingConfig;
  const { warming, close } = openWarming(readConfig(shape, process.env), { metrics: createMetrics() });
  return cdnWarm({ warming }, args, run).finally(close);
}

async function warmStandalone(dataDir: string, args: object, run: Run): Promise<unknown> {
  const holder = await findHolder(dataDir);
  if (!holder)
    throw new Error('no service runs here whose edge could be warmed: npm start, or set WARM_EDGE_URLS');
  run.screen.line(`The service that runs as process ${holder.pid} does it.`);
  return runRemoteCommand(holder, 'cdn-warm', args, run);
}

function readArguments(): object {
  const { values } = readOptions({
    options: { tracks: { type: 'string' }, qualities: { type: 'string' }, budget: { type: 'string' } },
  });
  const { tracks, qualities, budget } = values;
  return {
    ...(tracks !== undefined && { tracks: readNumber('--tracks', tracks) }),
    ...(qualities !== undefined && { qualities: readQualities(qualities) }),
    ...(budget !== undefined && { budgetBytes: readNumber('--budget', budget) * 1_000_000 }),
  };
}

function readNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new ArgumentsError(
    `expected ${option} to be a whole number of 1 to 9,999,999, got ${JSON.stringify(text)}`,
  );
}

function readQualities(text: string): readonly string[] {
  const names = text.toUpperCase().split(',');
  const unknown = names.find((name) => !(audioQualities as readonly string[]).includes(name));
  if (unknown === undefined) return names;
  throw new ArgumentsError(
    `expected --qualities of ${audioQualities.join(', ')}, got ${JSON.stringify(unknown)}`,
  );
}
