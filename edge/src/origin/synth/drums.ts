import type { Drum } from '../music/drum-patterns.ts';
import { decayOver, lowPassAt, SAMPLE_RATE, sine } from './arithmetic.ts';

/** The drums, each played once; a piece repeats them at other levels. Two takes of what is made of noise. */
export type DrumKit = Readonly<Record<Drum, readonly Float32Array[]>>;

export function createDrumKit(random: () => number): DrumKit {
  const takes = (play: () => Float32Array) => [play(), play()];
  return {
    kick: [kick(random)],
    snare: takes(() =>
      noiseBurst(random, { seconds: 0.28, decay: 0.07, lowHertz: 900, highHertz: 9_000, tone: 190 }),
    ),
    brush: takes(() =>
      noiseBurst(random, { seconds: 0.4, decay: 0.11, lowHertz: 1_800, highHertz: 7_000, tone: 0 }),
    ),
    hat: takes(() =>
      noiseBurst(random, { seconds: 0.12, decay: 0.022, lowHertz: 7_000, highHertz: 16_000, tone: 0 }),
    ),
    'open-hat': takes(() =>
      noiseBurst(random, { seconds: 0.5, decay: 0.12, lowHertz: 6_500, highHertz: 16_000, tone: 0 }),
    ),
    rim: takes(() =>
      noiseBurst(random, { seconds: 0.08, decay: 0.01, lowHertz: 1_200, highHertz: 6_000, tone: 820 }),
    ),
  };
}

/** A sine that falls from 160 to 48 Hz, with a click at its head. */
function kick(random: () => number): Float32Array {
  const sound = new Float32Array(Math.round(0.4 * SAMPLE_RATE));
  const fade = decayOver(0.11);
  const fall = decayOver(0.03);
  const click = decayOver(0.003);
  let [level, sweep, snap, turns] = [1, 112, 0.35, 0];
  for (let index = 0; index < sound.length; index += 1) {
    turns += (48 + sweep) / SAMPLE_RATE;
    sound[index] = level * sine(turns) + snap * (random() * 2 - 1);
    level *= fade;
    sweep *= fall;
    snap *= click;
  }
  return sound;
}

function noiseBurst(
  random: () => number,
  options: { seconds: number; decay: number; lowHertz: number; highHertz: number; tone: number },
): Float32Array {
  const sound = new Float32Array(Math.round(options.seconds * SAMPLE_RATE));
  const fade = decayOver(options.decay);
  const toneFade = decayOver(options.decay * 0.6);
  const high = lowPassAt(options.highHertz);
  const low = lowPassAt(options.lowHertz);
  let [level, tone, upper, lower] = [1, options.tone === 0 ? 0 : 0.7, 0, 0];
  for (let index = 0; index < sound.length; index += 1) {
    upper += high * (random() * 2 - 1 - upper);
    lower += low * (upper - lower);
    sound[index] = level * (upper - lower) + tone * sine((index * options.tone) / SAMPLE_RATE);
    level *= fade;
    tone *= toneFade;
  }
  return sound;
}
