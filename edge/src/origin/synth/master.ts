import type { Score } from '../music/score.ts';
import { lowPassAt } from './arithmetic.ts';
import { integratedLoudness } from './loudness.ts';
import type { Stereo } from './mixer.ts';

/** What each kind of piece is brought to before its peaks are rounded off, in LUFS: dance music is made louder. */
const targetLoudness: Readonly<Record<Score['drums'], number>> = {
  'four-on-the-floor': -10.5,
  breakbeat: -12.5,
  waltz: -15,
  brushes: -16.5,
};
const KNEE = 0.5;
/** -1.4 dBFS: lossy encoders overshoot by some tenths of a dB. */
const CEILING = 0.85;

/** Takes out what is below 25 Hz, sets the loudness and rounds the peaks off under the ceiling. In place. */
export function master(mix: Stereo, { drums }: Score): void {
  for (const samples of [mix.left, mix.right]) removeRumble(samples);
  // Rounded to 1/1000, because Math.log10 and ** are not the same to the last bit everywhere.
  const gain = Math.round(1000 * 10 ** ((targetLoudness[drums] - integratedLoudness(mix)) / 20)) / 1000;
  for (const samples of [mix.left, mix.right]) {
    for (let index = 0; index < samples.length; index += 1) {
      samples[index] = roundOff((samples[index] as number) * gain);
    }
  }
}

function removeRumble(samples: Float32Array): void {
  const corner = lowPassAt(25);
  let slow = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] as number;
    slow += corner * (sample - slow);
    samples[index] = sample - slow;
  }
}

/** Straight up to the knee, then bent towards the ceiling, which it never reaches. */
function roundOff(sample: number): number {
  const size = Math.abs(sample);
  if (size <= KNEE) return sample;
  const excess = (size - KNEE) / (CEILING - KNEE);
  const bent = KNEE + (CEILING - KNEE) * (excess / (1 + excess));
  return sample < 0 ? -bent : bent;
}
