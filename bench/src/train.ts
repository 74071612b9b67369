import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Measured } from './train/measure.ts';

/**
 * `npm run bench:train -- [plays …]`: how long and with how much memory a model is trained from invented plays, a million and ten unless
 * told otherwise: item-kNN on typed arrays beside the same built with Maps, and the whole chosen method. Each in a process of its own,
 * with 8 GB of heap at most and half an hour; the naive one up to a million plays. It reads /proc, so Linux only.
 */
const script = fileURLToPath(new URL('train/measure.ts', import.meta.url));
const [heapMb, timeoutMs] = [8_192, 1_800_000];
const mostNaive = 1_000_000;
const sizes = process.argv.slice(2).map(Number);

const rows = [];
for (const plays of sizes.length > 0 ? sizes : [1_000_000, 10_000_000]) {
  if (!(plays >= 1_000 && plays <= 100_000_000))
    throw new RangeError(`plays must be 1,000 to 100,000,000, got ${plays}`);
  for (const [what, title] of [
    ['matrix', 'plays made and summed, in all rows below'],
    ['neighbours', 'item-kNN, typed arrays'],
    ['naive', 'item-kNN, Maps'],
    ['chosen', 'the chosen method'],
  ] as const) {
    if (what === 'naive' && plays > mostNaive) continue;
    const measured = await measure(what, plays);
    console.log(
      `${plays.toLocaleString('en-GB')} plays, ${title}: ${'reason' in measured ? measured.reason : measured.result}`,
    );
    rows.push({
      plays,
      what: title,
      s: 'reason' in measured ? '' : round(measured.seconds),
      'CPU s': 'reason' in measured ? '' : round(measured.cpuSeconds),
      'peak MB': 'reason' in measured ? '' : Math.round(measured.peakMb),
    });
  }
}
console.table(rows);

async function measure(what: string, plays: number): Promise<Measured | { readonly reason: string }> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, `--max-old-space-size=${heapMb}`, script, what, String(plays)],
    { stdio: ['ignore', 'pipe', 'ignore'], timeout: timeoutMs },
  );
  const output = text(child.stdout);
  const [status, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (status !== 0)
    return {
      reason: `ended by ${signal ?? `status ${status}`}, within ${heapMb} MB of heap and half an hour`,
    };
  return JSON.parse(await output) as Measured;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
