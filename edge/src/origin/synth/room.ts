import { lowPassAt, SAMPLE_RATE } from './arithmetic.ts';
import type { Stereo } from './mixer.ts';

/** Adds an echo that goes from side to side, and a room around it, to the dry mix. */
export function addRoom(dry: Stereo, send: Stereo, { echoSeconds }: { echoSeconds: number }): void {
  addEcho(send, Math.round(echoSeconds * SAMPLE_RATE));
  addReverberation(dry, send);
}

function addEcho({ left, right }: Stereo, delay: number): void {
  const feedback = 0.42;
  for (let index = delay; index < left.length; index += 1) {
    const fromRight = right[index - delay] as number;
    const fromLeft = left[index - delay] as number;
    left[index] = (left[index] as number) + feedback * fromRight;
    right[index] = (right[index] as number) + feedback * fromLeft;
  }
}

/** Lengths in samples, mutually prime, so that the echoes of the lines never fall together: 27 to 49 ms. */
const lineLengths = [1187, 1361, 1523, 1693, 1847, 1949, 2053, 2161] as const;

/** Eight delay lines that feed each other through a Hadamard matrix (Jot and Chaigne, 1991). */
function addReverberation(dry: Stereo, send: Stereo): void {
  const lines = lineLengths.map((length) => new Float32Array(length));
  const heads = new Int32Array(8);
  const damped = new Float64Array(8);
  const out = new Float64Array(8);
  const damping = lowPassAt(5_200);
  // 0.84 after 40 ms is a fall of 60 dB in about 1.6 s.
  const feedback = 0.84 / Math.sqrt(8);
  for (let index = 0; index < dry.left.length; index += 1) {
    for (let line = 0; line < 8; line += 1) {
      const value = (lines[line] as Float32Array)[heads[line] as number] as number;
      const before = damped[line] as number;
      out[line] = damped[line] = before + damping * (value - before);
    }
    const wetLeft = (out[0] as number) + (out[2] as number) + (out[4] as number) + (out[6] as number);
    const wetRight = (out[1] as number) + (out[3] as number) + (out[5] as number) + (out[7] as number);
    hadamard(out);
    const inLeft = (send.left[index] as number) * 0.5;
    const inRight = (send.right[index] as number) * 0.5;
    for (let line = 0; line < 8; line += 1) {
      const head = heads[line] as number;
      const buffer = lines[line] as Float32Array;
      buffer[head] = (out[line] as number) * feedback + ((line & 1) === 0 ? inLeft : inRight);
      heads[line] = head + 1 === buffer.length ? 0 : head + 1;
    }
    dry.left[index] = (dry.left[index] as number) + wetLeft * 0.4 + (send.left[index] as number) * 0.35;
    dry.right[index] = (dry.right[index] as number) + wetRight * 0.4 + (send.right[index] as number) * 0.35;
  }
}

function hadamard(values: Float64Array): void {
  for (let half = 1; half < 8; half *= 2) {
    for (let start = 0; start < 8; start += half * 2) {
      for (let index = start; index < start + half; index += 1) {
        const left = values[index] as number;
        const right = values[index + half] as number;
        values[index] = left + right;
        values[index + half] = left - right;
      }
    }
  }
}
