/**
 * Sine, exponential and pitch by additions, multiplications and divisions alone. IEEE 754 defines those to the
 * last bit, Math.sin and Math.pow it does not; so a piece comes out the same, byte by byte, on every machine.
 */
export const SAMPLE_RATE = 44_100;

const SINE_SIZE = 4096;
const SINE_MASK = SINE_SIZE - 1;
const sineTable = buildSineTable();

/** Sine of a phase in turns (1 is a full circle); any finite phase from 0 up. */
export function sine(turns: number): number {
  const position = (turns - Math.floor(turns)) * SINE_SIZE;
  const index = position | 0;
  const left = sineTable[index] as number;
  return left + ((sineTable[(index + 1) & SINE_MASK] as number) - left) * (position - index);
}

/** e to the power of -x, for x from 0 up. */
export function expMinus(x: number): number {
  // (e^(-x/32))^32, the inner one by its series: off by less than 0.005 % for the x up to 10 that envelopes need.
  const small = x / 32;
  let power = 1 - small * (1 - (small / 2) * (1 - (small / 3) * (1 - (small / 4) * (1 - small / 5))));
  for (let squaring = 0; squaring < 5; squaring += 1) power *= power;
  return power;
}

/** Factor a sample by which something decays to 1/e in so many seconds. */
export const decayOver = (seconds: number): number => expMinus(1 / (seconds * SAMPLE_RATE));

/** Coefficient of a one-pole low-pass with that corner, in Hz. */
export const lowPassAt = (hertz: number): number => 1 - expMinus((6.283185307179586 * hertz) / SAMPLE_RATE);

/** Frequency in Hz of a MIDI note in equal temperament, A4 (69) at 440 Hz. */
export function hertzOf(midiNote: number): number {
  let hertz = 440;
  for (let note = 69; note < midiNote; note += 1) hertz *= 1.0594630943592953;
  for (let note = 69; note > midiNote; note -= 1) hertz /= 1.0594630943592953;
  return hertz;
}

/** Evenly spread numbers in [0, 1), the same ones for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function buildSineTable(): Float64Array {
  const table = new Float64Array(SINE_SIZE);
  const quarter = SINE_SIZE / 4;
  for (let index = 0; index <= quarter; index += 1) {
    const value = sineSeries((index / quarter) * 1.5707963267948966);
    table[index] = value;
    table[SINE_SIZE / 2 - index] = value;
    table[SINE_SIZE / 2 + index] = -value;
    table[(SINE_SIZE - index) & SINE_MASK] = index === 0 ? 0 : -value;
  }
  return table;
}

function sineSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 10; n += 1) {
    term *= (-x * x) / (2 * n * (2 * n + 1));
    sum += term;
  }
  return sum;
}
