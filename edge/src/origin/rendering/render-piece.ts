import { open } from 'node:fs/promises';
import type { AudioQuality } from '@medley/signed-url';
import { encodeFlac } from '../encoders/flac.ts';
import { encodeOggVorbis } from '../encoders/ogg-vorbis.ts';
import type { Score } from '../music/score.ts';
import { SAMPLE_RATE } from '../synth/arithmetic.ts';
import type { Stereo } from '../synth/mixer.ts';
import { synthesise } from '../synth/synthesise.ts';

/**
 * Synthesises and encodes a piece into a new file: 3 to 6 seconds of one core, about 150 MB of memory meanwhile.
 * @param onProgress gets 0..1, some hundred times, and 1 exactly once.
 */
export async function renderPiece(
  score: Score,
  quality: AudioQuality,
  file: string,
  onProgress: (done: number) => void,
): Promise<void> {
  const sound = synthesise(score, (done) => onProgress(done / 2));
  const seconds = sound.left.length / SAMPLE_RATE;
  const handle = await open(file, 'wx');
  try {
    let written = 0;
    for await (const part of encode(sound, quality, score.number)) {
      await handle.writeFile(part);
      written += 1;
      onProgress(Math.min(0.99, 0.5 + written / (2 * seconds)));
    }
  } finally {
    await handle.close();
  }
  onProgress(1);
}

/** The encoded file in parts, in order. The piece's number is the serial number of the Ogg stream. */
export async function* encode(
  sound: Stereo,
  quality: AudioQuality,
  number: number,
): AsyncGenerator<Uint8Array> {
  if (quality === 'LOSSLESS') yield await encodeFlac(sound);
  else yield* encodeOggVorbis(sound, quality, number);
}
