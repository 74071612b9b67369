import type { Note } from '../music/notation.ts';
import type { Score } from '../music/score.ts';
import { decayOver, expMinus, hertzOf, lowPassAt, SAMPLE_RATE, sine } from './arithmetic.ts';
import { type Shape, TABLE_SIZE, wavetable } from './wavetable.ts';

/** A mono sound of about -1..1, its release included. */
export type Sound = Float32Array;

/** Vibrato and filter move in steps of 0.7 ms. */
const CONTROL_FRAMES = 32;

interface Envelope {
  /** Seconds to about two thirds of the full level. */
  readonly attack: number;
  readonly release: number;
}

/** An oscillator whose brightness follows its loudness, through two one-pole low-passes. */
function filteredWave(
  note: Note,
  options: Envelope & {
    shape: Shape;
    detune: number;
    darkHertz: number;
    brightHertz: number;
    vibrato: number;
  },
): Sound {
  const hertz = hertzOf(note.pitch) * (1 + options.detune);
  const table = wavetable(options.shape, hertz);
  const sound = new Float32Array(Math.ceil((note.seconds + options.release * 3.1) * SAMPLE_RATE));
  const held = note.seconds * SAMPLE_RATE;
  const attack = 1 - decayOver(options.attack);
  const release = 1 - decayOver(options.release);
  const dark = lowPassAt(options.darkHertz);
  const bright = lowPassAt(options.brightHertz) - dark;
  const pureStep = (hertz * TABLE_SIZE) / SAMPLE_RATE;
  let phase = TABLE_SIZE * 0.3 * (note.pitch % 3);
  let level = 0;
  let first = 0;
  let second = 0;
  for (let start = 0; start < sound.length; start += CONTROL_FRAMES) {
    const end = Math.min(start + CONTROL_FRAMES, sound.length);
    const step = pureStep * (1 + options.vibrato * level * sine((start * 5.2) / SAMPLE_RATE));
    const opening = dark + bright * level;
    // The release aims below zero, so that it arrives there in three times its length instead of never.
    const target = start < held ? 1 : -0.05;
    const speed = start < held ? attack : release;
    for (let index = start; index < end; index += 1) {
      level += (target - level) * speed;
      phase += step;
      if (phase >= TABLE_SIZE) phase -= TABLE_SIZE;
      const at = phase | 0;
      const left = table[at] as number;
      first += opening * (left + ((table[at + 1] as number) - left) * (phase - at) - first);
      second += opening * (first - second);
      sound[index] = second * level;
    }
    if (level <= 0) break;
  }
  return sound;
}

/** Frequency modulation of one sine by another; the modulation dies away faster than the sound. */
function frequencyModulated(
  note: Note,
  { ratio, depth, decay, ring }: { ratio: number; depth: number; decay: number; ring: number },
): Sound {
  const hertz = hertzOf(note.pitch);
  const sound = new Float32Array(Math.ceil(Math.min(note.seconds + ring * 3, ring * 6) * SAMPLE_RATE));
  const held = note.seconds * SAMPLE_RATE;
  const fade = decayOver(ring);
  const damped = decayOver(ring / 6);
  const modulationFade = decayOver(decay);
  const step = hertz / SAMPLE_RATE;
  let level = 0.9;
  let modulation = depth * note.velocity;
  for (let index = 0; index < sound.length; index += 1) {
    const turns = index * step;
    const onset = index < 64 ? index / 64 : 1;
    sound[index] = onset * level * sine(turns + modulation * sine(turns * ratio));
    level *= index < held ? fade : damped;
    modulation *= modulationFade;
  }
  return sound;
}

/** A plucked string: noise that goes round a delay of one cycle and loses its edge (Karplus and Strong, 1983). */
function plucked(note: Note, random: () => number): Sound {
  const period = Math.max(2, Math.round(SAMPLE_RATE / hertzOf(note.pitch)));
  const string = new Float32Array(period);
  let smooth = 0;
  for (let index = 0; index < period; index += 1) {
    smooth += (0.35 + 0.5 * note.velocity) * (random() * 2 - 1 - smooth);
    string[index] = smooth;
  }
  const sound = new Float32Array(Math.round(2.2 * SAMPLE_RATE));
  // Long cycles lose less per second, so low strings are damped a little more per cycle.
  const loss = expMinus(period / (SAMPLE_RATE * 0.9));
  let at = 0;
  for (let index = 0; index < sound.length; index += 1) {
    const next = at + 1 === period ? 0 : at + 1;
    const value = string[at] as number;
    sound[index] = value * 1.4;
    string[at] = loss * (0.52 * value + 0.48 * (string[next] as number));
    at = next;
  }
  return sound;
}

/** A struck bar: its fundamental and the two overtones to which marimba bars are tuned. */
function struckBar(note: Note): Sound {
  const step = hertzOf(note.pitch) / SAMPLE_RATE;
  const sound = new Float32Array(Math.round(1.4 * SAMPLE_RATE));
  const fades = [decayOver(0.28), decayOver(0.07), decayOver(0.03)] as const;
  let [low, middle, high] = [0.8, 0.3 * note.velocity, 0.2 * note.velocity];
  for (let index = 0; index < sound.length; index += 1) {
    const turns = index * step;
    const onset = index < 40 ? index / 40 : 1;
    sound[index] = onset * (low * sine(turns) + middle * sine(turns * 4) + high * sine(turns * 9.2));
    low *= fades[0];
    middle *= fades[1];
    high *= fades[2];
  }
  return sound;
}

function flute(note: Note, random: () => number): Sound {
  const sound = filteredWave(note, {
    shape: 'glass',
    detune: 0,
    attack: 0.05,
    release: 0.09,
    darkHertz: 500,
    brightHertz: 5_000,
    vibrato: 0.004,
  });
  const band = lowPassAt(4_500);
  const floor = lowPassAt(900);
  let breath = 0;
  let rumble = 0;
  for (let index = 0; index < sound.length; index += 1) {
    breath += band * (random() * 2 - 1 - breath);
    rumble += floor * (breath - rumble);
    const wave = sound[index] as number;
    sound[index] = wave * 1.2 + (breath - rumble) * 0.12 * Math.abs(wave);
  }
  return sound;
}

type InstrumentName = Score['pad' | 'keys' | 'bass' | 'lead'];

type Instrument = (note: Note, random: () => number, detune: number) => Sound;

/** Every sound a score can ask for. `detune` tells the two sides of a pad apart; others ignore it. */
export const instruments: Readonly<Record<InstrumentName, Instrument>> = {
  strings: (note, _random, detune) =>
    filteredWave(note, {
      shape: 'saw',
      detune,
      attack: 0.35,
      release: 0.45,
      darkHertz: 300,
      brightHertz: 4_200,
      vibrato: 0.0015,
    }),
  organ: (note, _random, detune) =>
    filteredWave(note, {
      shape: 'organ',
      detune,
      attack: 0.03,
      release: 0.12,
      darkHertz: 900,
      brightHertz: 5_500,
      vibrato: 0.003,
    }),
  glass: (note, _random, detune) =>
    filteredWave(note, {
      shape: 'glass',
      detune,
      attack: 0.6,
      release: 0.7,
      darkHertz: 800,
      brightHertz: 9_000,
      vibrato: 0.001,
    }),
  'electric-piano': (note) => frequencyModulated(note, { ratio: 1, depth: 0.28, decay: 0.35, ring: 0.9 }),
  bell: (note) => frequencyModulated(note, { ratio: 3.5, depth: 0.3, decay: 0.5, ring: 0.9 }),
  plucked,
  marimba: struckBar,
  round: (note) =>
    filteredWave(note, {
      shape: 'organ',
      detune: 0,
      attack: 0.008,
      release: 0.06,
      darkHertz: 120,
      brightHertz: 700,
      vibrato: 0,
    }),
  saw: (note) =>
    filteredWave(note, {
      shape: 'saw',
      detune: 0,
      attack: 0.006,
      release: 0.04,
      darkHertz: 150,
      brightHertz: 1_500,
      vibrato: 0,
    }),
  flute,
  square: (note) =>
    filteredWave(note, {
      shape: 'square',
      detune: 0,
      attack: 0.012,
      release: 0.08,
      darkHertz: 600,
      brightHertz: 4_000,
      vibrato: 0.003,
    }),
};
