import { SAMPLE_RATE, sine } from './arithmetic.ts';

export interface Stereo {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** Where a sound stands: -1 is left, 1 is right; `send` is how much of it goes to echo and room. */
export interface Place {
  readonly pan: number;
  readonly level: number;
  readonly send: number;
}

export interface Mixer {
  readonly dry: Stereo;
  readonly send: Stereo;
  /** Adds a mono sound, cut off at the end of the piece. */
  add(sound: Float32Array, atSeconds: number, place: Place): void;
}

export function createMixer(frames: number): Mixer {
  const dry = silence(frames);
  const send = silence(frames);
  return {
    dry,
    send,
    add(sound, atSeconds, { pan, level, send: sendLevel }) {
      const start = Math.round(atSeconds * SAMPLE_RATE);
      const count = Math.min(sound.length, frames - start);
      // Equal power: the sum of squares stays the same wherever the sound stands.
      const leftGain = level * sine(0.25 - (pan + 1) / 8);
      const rightGain = level * sine((pan + 1) / 8);
      mixInto(dry.left, send.left, start, sound, count, leftGain, leftGain * sendLevel);
      mixInto(dry.right, send.right, start, sound, count, rightGain, rightGain * sendLevel);
    },
  };
}

const silence = (frames: number): Stereo => ({
  left: new Float32Array(frames),
  right: new Float32Array(frames),
});

function mixInto(
  dry: Float32Array,
  send: Float32Array,
  start: number,
  sound: Float32Array,
  count: number,
  dryGain: number,
  sendGain: number,
): void {
  if (dryGain < 1e-6) return;
  for (let index = 0; index < count; index += 1) {
    const sample = sound[index] as number;
    const at = start + index;
    dry[at] = (dry[at] as number) + sample * dryGain;
    send[at] = (send[at] as number) + sample * sendGain;
  }
}
