import { pieces } from '@medley/sample-audio';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeFlac } from '../../src/origin/encoders/flac.ts';
import { compose } from '../../src/origin/music/compose.ts';
import { durationMs } from '../../src/origin/music/score.ts';
import { scores } from '../../src/origin/music/scores.ts';
import { expMinus, hertzOf, SAMPLE_RATE, sine } from '../../src/origin/synth/arithmetic.ts';
import { integratedLoudness } from '../../src/origin/synth/loudness.ts';
import type { Stereo } from '../../src/origin/synth/mixer.ts';
import { synthesise } from '../../src/origin/synth/synthesise.ts';

const tone = (hertz: number, amplitude: number, seconds: number): Stereo => {
  const samples = Float32Array.from(
    { length: seconds * SAMPLE_RATE },
    (_, index) => amplitude * Math.sin((2 * Math.PI * hertz * index) / SAMPLE_RATE),
  );
  return { left: samples, right: samples };
};

describe('arithmetic of its own', () => {
  it('agrees with Math where Math is right', () => {
    for (let turns = 0; turns < 2; turns += 0.0137)
      expect(sine(turns)).toBeCloseTo(Math.sin(2 * Math.PI * turns), 5);
    for (const x of [0, 1e-5, 0.1, 1, 3, 10]) expect(expMinus(x)).toBeCloseTo(Math.exp(-x), 6);
    expect(hertzOf(69)).toBe(440);
    expect(hertzOf(57)).toBeCloseTo(220, 9);
  });
});

describe('integrated loudness', () => {
  it('reads -23 LUFS for the 1 kHz tone of -23 dBFS of EBU Tech 3341, case 1', () => {
    expect(integratedLoudness(tone(1_000, 10 ** (-23 / 20), 20))).toBeCloseTo(-23, 1);
    expect(integratedLoudness(tone(1_000, 10 ** (-33 / 20), 20))).toBeCloseTo(-33, 1);
  });
});

describe('the scores', () => {
  it('last as long as the manifest says, under its names', () => {
    expect(scores.map((score) => [score.number, score.name, durationMs(score)])).toEqual(
      pieces.map(({ number, name, durationMs: length }) => [number, name, length]),
    );
  });

  it('differ in tempo and key, and start within the first second', () => {
    expect(new Set(scores.map(({ tempo }) => tempo)).size).toBe(scores.length);
    expect(new Set(scores.map(({ tonic, mode }) => `${tonic} ${mode}`)).size).toBe(scores.length);
    for (const score of scores) expect(Math.min(...compose(score).notes.map(({ at }) => at))).toBeLessThan(1);
  });
});

describe('a synthesised piece', () => {
  const [score] = scores;
  let sound: Stereo;
  beforeAll(() => {
    if (score) sound = synthesise(score);
  });

  it('does not clip, has two different sides and no constant part', () => {
    let [peak, difference, sum] = [0, 0, 0];
    for (let index = 0; index < sound.left.length; index += 1) {
      const [left, right] = [sound.left[index] as number, sound.right[index] as number];
      peak = Math.max(peak, Math.abs(left), Math.abs(right));
      difference += (left - right) ** 2;
      sum += left;
    }
    expect(peak).toBeGreaterThan(0.3);
    expect(peak).toBeLessThan(0.891);
    expect(Math.sqrt(difference / sound.left.length)).toBeGreaterThan(0.01);
    expect(Math.abs(sum / sound.left.length)).toBeLessThan(0.001);
  });

  it('reaches -14 LUFS with the gain of the manifest', () => {
    expect(integratedLoudness(sound) + (pieces[0]?.gainDb ?? 0)).toBeCloseTo(-14, 1);
  });

  it('has as FLAC the size of the manifest, 24 bits a sample and all its samples', async () => {
    const file = Buffer.from(await encodeFlac(sound));
    expect(file.length).toBe(pieces[0]?.encodings.LOSSLESS.sizeBytes);
    expect(file.subarray(0, 4).toString()).toBe('fLaC');
    // STREAMINFO (RFC 9639, 8.2): 20 bits of sample rate, 3 of channels - 1, 5 of bits - 1, 36 of samples.
    const facts = file.readBigUInt64BE(18);
    expect(Number(facts >> 44n)).toBe(SAMPLE_RATE);
    expect(Number((facts >> 41n) & 7n) + 1).toBe(2);
    expect(Number((facts >> 36n) & 31n) + 1).toBe(24);
    expect(Number(facts & 0xfffffffffn)).toBe(sound.left.length);
    expect(file.subarray(26, 42).equals(Buffer.alloc(16))).toBe(false);
  });
});
