import { durationMs, type Score } from '../music/score.ts';
import { decayOver, lowPassAt, SAMPLE_RATE, sine } from './arithmetic.ts';
import type { Mixer } from './mixer.ts';

/** Lays rain, waves or the hiss of tape under the piece, different on either side, faded in and out. */
export function addAir(mixer: Mixer, score: Score, random: () => number): void {
  const totalSeconds = durationMs(score) / 1000;
  for (const side of [mixer.dry.left, mixer.dry.right]) {
    const next = sources[score.air](random);
    for (let index = 0; index < side.length; index += 1) {
      const at = index / SAMPLE_RATE;
      const fade = Math.min(1, at / 0.5, (totalSeconds - at) / 3);
      side[index] = (side[index] as number) + fade * next(at);
    }
  }
}

/** Each gives the next sample, told the time in seconds. */
const sources: Readonly<Record<Score['air'], (random: () => number) => (at: number) => number>> = {
  rain(random) {
    const soft = lowPassAt(3_500);
    const fade = decayOver(0.0015);
    let [hiss, drop] = [0, 0];
    return () => {
      hiss += soft * (random() * 2 - 1 - hiss);
      drop *= fade;
      // About sixty drops a second, few of them near.
      if (random() < 60 / SAMPLE_RATE) drop += 0.12 * random() * random() * random();
      return hiss * 0.02 + drop * (random() * 2 - 1);
    };
  },
  waves(random) {
    const soft = lowPassAt(900);
    const offset = random();
    let surf = 0;
    return (at) => {
      surf += soft * (random() * 2 - 1 - surf);
      const swell = 0.5 + 0.5 * sine(at / 7 + offset);
      return surf * (0.01 + 0.07 * swell * swell);
    };
  },
  tape(random) {
    const soft = lowPassAt(9_000);
    let hiss = 0;
    return () => {
      hiss += soft * (random() * 2 - 1 - hiss);
      return hiss * 0.008;
    };
  },
};
