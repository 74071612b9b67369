export type Mode = 'major' | 'minor' | 'dorian' | 'lydian' | 'mixolydian';

/** Semitones above the tonic of the seven degrees of each mode. */
const scaleSteps: Readonly<Record<Mode, readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
};

/** What a piece is composed from. The rest follows from it and from its number, which seeds every choice. */
export interface Score {
  /** 1..12, the piece's number in the pool. */
  readonly number: number;
  readonly name: string;
  /** Beats a minute. */
  readonly tempo: number;
  readonly beatsPerBar: 3 | 4;
  readonly bars: number;
  /** MIDI note of the tonic below middle C: 48..59. */
  readonly tonic: number;
  readonly mode: Mode;
  /** Degrees of the scale, 0..6, one chord a bar, repeated. */
  readonly verse: readonly number[];
  readonly chorus: readonly number[];
  /** How late the second of two eighths comes, as a part of an eighth: 0 straight, 0.33 triplets. */
  readonly swing: number;
  readonly pad: 'strings' | 'organ' | 'glass';
  readonly keys: 'electric-piano' | 'plucked' | 'marimba';
  readonly bass: 'round' | 'saw';
  readonly lead: 'flute' | 'bell' | 'square';
  readonly drums: 'brushes' | 'four-on-the-floor' | 'breakbeat' | 'waltz';
  /** Noise that lies under the whole piece. */
  readonly air: 'rain' | 'waves' | 'tape';
}

/** Seconds in which the last notes and the room ring out. */
const TAIL_SECONDS = 4;

/** Length of the piece, a multiple of 10 ms, so that it is a whole number of samples at 44.1 kHz. */
export function durationMs({ tempo, beatsPerBar, bars }: Score): number {
  const seconds = (bars * beatsPerBar * 60) / tempo + TAIL_SECONDS;
  return Math.floor(seconds * 100) * 10;
}

/** MIDI note of a degree of the scale, which may run on below 0 and above 6. */
export function pitchOf({ tonic, mode }: Score, degree: number): number {
  const octave = Math.floor(degree / 7);
  return tonic + 12 * octave + (scaleSteps[mode][degree - 7 * octave] as number);
}
