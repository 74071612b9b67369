// npm start: builds what changed, then becomes the service, in this very process, so that signals reach it.
// (For the same reason the npm script says `exec`: npm signals the shell, which would die and leave the service.)
import { runTurbo } from './turbo.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Medley needs Node 20.19 or newer, and this is ${process.version}`);
  process.exit(1);
}

const steps = {
  '//:generate': 'generating code …',
  '@medley/explorer:build': 'building the explorer …',
  '@medley/standalone:build': 'building the service …',
};

const status = await runTurbo(['build', '--filter=@medley/standalone'], (task) =>
  console.log(steps[task] ?? task),
);
if (status !== 0) process.exit(status);

await import('../standalone/dist/main.js');
