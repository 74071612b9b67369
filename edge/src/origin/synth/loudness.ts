import { SAMPLE_RATE } from './arithmetic.ts';
import type { Stereo } from './mixer.ts';

/**
 * Integrated loudness in LUFS by ITU-R BS.1770-4: K-weighting, mean squares over blocks of 400 ms that overlap
 * by three quarters, an absolute gate at -70 LUFS and a relative one 10 LU below what passes it. -Infinity for
 * silence.
 */
export function integratedLoudness({ left, right }: Stereo): number {
  const hop = SAMPLE_RATE / 10;
  const leftPowers = weightedPowers(left, hop);
  const rightPowers = weightedPowers(right, hop);
  const blocks: number[] = [];
  for (let start = 0; start + 4 <= leftPowers.length; start += 1) {
    let power = 0;
    for (let index = start; index < start + 4; index += 1) {
      power += (leftPowers[index] as number) + (rightPowers[index] as number);
    }
    blocks.push(power / (4 * hop));
  }
  const audible = blocks.filter((power) => loudnessOf(power) > -70);
  const gate = loudnessOf(mean(audible)) - 10;
  return loudnessOf(mean(audible.filter((power) => loudnessOf(power) > gate)));
}

const loudnessOf = (power: number): number => -0.691 + 10 * Math.log10(power);

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sums of squares of the K-weighted samples, one a hop. */
function weightedPowers(samples: Float32Array, hop: number): Float64Array {
  const powers = new Float64Array(Math.floor(samples.length / hop));
  const shelf = createFilterState();
  const pass = createFilterState();
  for (let block = 0; block < powers.length; block += 1) {
    let power = 0;
    for (let index = block * hop; index < (block + 1) * hop; index += 1) {
      const weighted = filter(highPass, pass, filter(highShelf, shelf, samples[index] as number));
      power += weighted * weighted;
    }
    powers[block] = power;
  }
  return powers;
}

interface Biquad {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

// BS.1770 gives its two filters for 48 kHz; these are the same analogue filters (1681.97 Hz, Q 0.7072, +4 dB and
// 38.14 Hz, Q 0.5003) by the bilinear transform at 44.1 kHz.
const highShelf = ((): Biquad => {
  const k = Math.tan((Math.PI * 1681.974450955533) / SAMPLE_RATE);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return {
    b0: (high + (band * k) / q + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (band * k) / q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / q + k * k) / a0,
  };
})();

const highPass = ((): Biquad => {
  const k = Math.tan((Math.PI * 38.13547087602444) / SAMPLE_RATE);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 };
})();

const createFilterState = () => ({ first: 0, second: 0 });

function filter(
  { b0, b1, b2, a1, a2 }: Biquad,
  state: { first: number; second: number },
  sample: number,
): number {
  const result = b0 * sample + state.first;
  state.first = b1 * sample - a1 * result + state.second;
  state.second = b2 * sample - a2 * result;
  return result;
}
