import { writeFile } from 'node:fs/promises';
import { type AudioQuality, audioQualities } from '@medley/signed-url';
import { durationMs, type Score } from '../origin/music/score.ts';
import { scores } from '../origin/music/scores.ts';
import { encode } from '../origin/rendering/render-piece.ts';
import { integratedLoudness } from '../origin/synth/loudness.ts';
import { synthesise } from '../origin/synth/synthesise.ts';

/** The loudness that players are asked to bring every piece to, in LUFS. */
const TARGET_LOUDNESS = -14;

const target = new URL('../../../packages/sample-audio/src/manifest.ts', import.meta.url);

const entries: string[] = [];
for (const score of scores) entries.push(await describe(score));
await writeFile(
  target,
  [
    "import type { Piece } from './pieces.ts';",
    '',
    '/** Written by `npm run audio:manifest` from what the synthesiser renders. */',
    `export const manifest: readonly Piece[] = [\n${entries.join('\n')}\n];`,
    '',
  ].join('\n'),
);

async function describe(score: Score): Promise<string> {
  const sound = synthesise(score);
  const gainDb = Math.round(100 * (TARGET_LOUDNESS - integratedLoudness(sound))) / 100;
  const sizes: string[] = [];
  for (const quality of audioQualities) {
    sizes.push(`      ${quality}: { sizeBytes: ${await sizeOf(score, sound, quality)} },`);
  }
  console.log(`${score.number}/${scores.length} ${score.name}: gain ${gainDb} dB`);
  return [
    '  {',
    `    number: ${score.number},`,
    `    name: '${score.name}',`,
    `    durationMs: ${durationMs(score)},`,
    `    gainDb: ${gainDb},`,
    '    encodings: {',
    ...sizes,
    '    },',
    '  },',
  ].join('\n');
}

async function sizeOf(
  score: Score,
  sound: ReturnType<typeof synthesise>,
  quality: AudioQuality,
): Promise<number> {
  let size = 0;
  for await (const part of encode(sound, quality, score.number)) size += part.length;
  return size;
}
