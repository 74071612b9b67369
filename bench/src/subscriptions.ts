import { parseArgs } from 'node:util';
import type { Crowd, Phase, ServerFigures } from './subscriptions/measure-server.ts';
import { measureBareServer, measureRouter } from './subscriptions/measured-servers.ts';
import { explainTooFewFiles, openFilesLimit } from './subscriptions/open-files.ts';
import { bundleProcesses } from './subscriptions/processes.ts';

/**
 * `npm run bench:subscriptions`: 10,000 subscribers of one playlist and 1,000 of what they play themselves on one router process, one in ten
 * of them slow, then as many on a bare graphql-ws server that sends the same bytes. `-- --subscribers 2000` takes fewer, `-- --profile folder` leaves a CPU
 * profile of the router there. Linux only: it reads /proc.
 */
const { values } = parseArgs({
  options: { subscribers: { type: 'string', default: '10000' }, profile: { type: 'string' } },
});
const subscribers = Number(values.subscribers);
if (!Number.isInteger(subscribers) || subscribers < 20)
  throw new RangeError(`--subscribers must be a whole number from 20, got ${values.subscribers}`);
const crowd: Crowd = {
  playlist: subscribers,
  own: Math.ceil(subscribers / 10),
  slowOneIn: 10,
  processes: 2,
};
const tooFew = explainTooFewFiles(openFilesLimit(), crowd.playlist + crowd.own, crowd.own);
if (tooFew) {
  console.error(tooFew);
  process.exit(1);
}

// More, and clients on the same two cores are late by themselves.
const playlistPerSecond = 1;
const ownPerSecond = crowd.own / 10;
const phases: readonly Phase[] = [
  { name: 'nothing', seconds: 10, playlistPerSecond: 0, ownPerSecond: 0 },
  { name: 'the playlist', seconds: 20, playlistPerSecond, ownPerSecond: 0 },
  { name: 'their own', seconds: 15, playlistPerSecond: 0, ownPerSecond },
  { name: 'both', seconds: 45, playlistPerSecond, ownPerSecond },
];

const measurement = { crowd, phases, start: await bundleProcesses() };
const router = await measureRouter(
  measurement,
  values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [],
);
const bare = await measureBareServer(measurement, router.samples);
print();

function print(): void {
  const { playlist, own } = router.samples;
  console.log(
    `${crowd.playlist} subscribers of one playlist (messages of ${Buffer.byteLength(playlist)} bytes, ${playlistPerSecond} a second) and ${crowd.own} of their own things ` +
      `(${Buffer.byteLength(own)} bytes, ${ownPerSecond} a second), one in ${crowd.slowOneIn} slow:`,
  );
  console.table([...rows('router', router), ...rows('bare graphql-ws', bare)]);
  console.table([memory('router', router), memory('bare graphql-ws', bare)]);
  for (const [index, { name, ownPerSecond, playlistPerSecond, seconds }] of phases.entries()) {
    if (playlistPerSecond > 0) {
      const ratio = cpuUs(router, index) / cpuUs(bare, index);
      console.log(`${name}: the router takes ${ratio.toFixed(2)} times the CPU of the bare server`);
    } else if (ownPerSecond > 0) {
      // Of the bare server it is no measure: it joins nothing.
      const cpuMs = (router.phases[index]?.cpuMs ?? 0) / (ownPerSecond * seconds);
      console.log(`${name}: a change takes the router ${cpuMs.toFixed(2)} ms of CPU`);
    }
  }
  console.log(
    `a subscriber takes ${(kbEach(router) / kbEach(bare)).toFixed(2)} times the memory of one of the bare server`,
  );
  console.log('how they ended, router:', router.endings);
  console.log('how they ended, bare graphql-ws:', bare.endings);
  console.log(
    `streams from the router to subgraphs: ${router.upstream.crowded}; when the last had left: ${router.upstream.empty}`,
  );
  for (const line of router.metrics) console.log(`  ${line}`);
}

function rows(server: string, figures: ServerFigures): object[] {
  return figures.phases.map(({ name, delivered, cpuMs, lateness, behind }, index) => ({
    server,
    changes: name,
    delivered,
    'CPU, s': round(cpuMs / 1_000, 2),
    'CPU each, µs': delivered > 0 ? round(cpuUs(figures, index), 1) : null,
    'playlist p50, ms': round(lateness.playlist.percentileMs(50), 1),
    'p99, ms': round(lateness.playlist.percentileMs(99), 1),
    'own p50, ms': round(lateness.own.percentileMs(50), 1),
    'p99, ms ': round(lateness.own.percentileMs(99), 1),
    behind,
  }));
}

function memory(server: string, figures: ServerFigures): object {
  const { before, joined, after, joinedInMs } = figures;
  const mb = (bytes: number) => Math.round(bytes / 1_048_576);
  return {
    server,
    'joined in, s': round(joinedInMs / 1_000, 1),
    'empty, MB': mb(before.residentBytes),
    'with all, MB': mb(joined.residentBytes),
    'each, KB': round(kbEach(figures), 1),
    'alive each, KB': round((joined.liveBytes - before.liveBytes) / 1_024 / (crowd.playlist + crowd.own), 1),
    'afterwards, MB': mb(after.residentBytes),
    'alive then, MB': mb(after.liveBytes),
    'peak, MB': mb(after.peakBytes),
  };
}

function kbEach({ before, joined }: ServerFigures): number {
  return (joined.residentBytes - before.residentBytes) / 1_024 / (crowd.playlist + crowd.own);
}

function cpuUs({ phases }: ServerFigures, index: number): number {
  const { cpuMs, delivered } = phases[index] as { cpuMs: number; delivered: number };
  return (cpuMs * 1_000) / delivered;
}

function round(value: number, digits: number): number | null {
  return Number.isNaN(value) ? null : Number(value.toFixed(digits));
}
