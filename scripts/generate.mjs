// Writes all generated code: typed resolvers and documents (generate-types.mjs), and a Prisma client for each prisma/*/.
// `npm run codegen` calls this through turbo, which skips it when nothing it reads has changed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const prismaConfigs = readdirSync(`${root}/prisma`)
  .map((subgraph) => `prisma/${subgraph}/prisma.config.ts`)
  .filter((config) => existsSync(`${root}/${config}`));

await Promise.all([
  run('scripts/generate-types.mjs'),
  ...prismaConfigs.map((config) =>
    run('node_modules/prisma/build/index.js', 'generate', '--no-hints', '--config', config),
  ),
]);

function run(program, ...args) {
  const child = spawn(process.execPath, [`${root}/${program}`, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // `generate` never starts the schema engine, yet the CLI would download it; any file that exists keeps it from that.
    env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', ...process.env },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      reject(new Error(`${[program, ...args].join(' ')} ended with ${code}:\n${output}`));
    });
  });
}
