import { parseArgs } from 'node:util';
import { measureHitRate } from './cdn/hit-rate.ts';
import { compareWithNginx } from './cdn/replay-by-nginx.ts';
import { measureSlices } from './cdn/slices-per-second.ts';

/**
 * `npm run bench:cdn`: how many of the bytes a node of the edge sends from its cache, by the size of the cache, with and without warming, as
 * a table and a plot; whether nginx does as the simulated cache; and how many slices a second it sends. `-- --only hit-rate`, `nginx` or
 * `slices` leaves out the others; `--tracks` and `--plays` (a day) make another library; `--svg` draws bench/figures/cdn-hit-rate.svg anew.
 */
const parts = ['hit-rate', 'nginx', 'slices'] as const;
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    tracks: { type: 'string', default: '50000' },
    plays: { type: 'string', default: '150000' },
    svg: { type: 'boolean', default: false },
  },
});
const { only } = values;
if (only !== undefined && !parts.some((part) => part === only))
  throw new RangeError(`--only must be ${parts.join(', ')}, got ${only}`);
const wants = (part: (typeof parts)[number]) => only === undefined || only === part;
const [tracks, playsPerDay] = [readCount('tracks', values.tracks), readCount('plays', values.plays)];

if (wants('slices')) await measureSlices();
if (wants('nginx')) await compareWithNginx();
if (wants('hit-rate')) {
  const svg = new URL('../figures/cdn-hit-rate.svg', import.meta.url);
  await measureHitRate({ tracks, playsPerDay, ...(values.svg && { svg }) });
}

function readCount(name: string, text: string): number {
  const count = Number(text);
  if (!(Number.isInteger(count) && count >= 1_000 && count <= 1_000_000))
    throw new RangeError(`--${name} must be 1,000 to 1,000,000, got ${text}`);
  return count;
}
