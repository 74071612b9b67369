// npm start: builds what changed, then becomes the service, in this very process, so that signals reach it.
// (For the same reason the npm script says `exec`: npm signals the shell, which would die and leave the service.)
import { runTurbo } from './turbo.mjs';

console.log('Medley: building what has changed …');
const status = runTurbo(['build', '--filter=@medley/standalone']);
if (status !== 0) process.exit(status);

await import('../standalone/dist/main.js');
