import type { Section } from './sections.ts';

export type Part = 'pad' | 'keys' | 'bass' | 'lead';

export interface Note {
  readonly part: Part;
  /** Seconds from the start of the piece. */
  readonly at: number;
  readonly seconds: number;
  /** MIDI note number. */
  readonly pitch: number;
  /** 0..1. */
  readonly velocity: number;
}

/** Where in its piece a bar stands, and what sounds in it. */
export interface Bar {
  readonly section: Section;
  readonly index: number;
  /** Degree of the chord's root, 0..6. */
  readonly degree: number;
  /** MIDI notes of the chord, low to high, close to the one before. */
  readonly voicing: readonly number[];
  /** Seconds from the start of the piece of a position in beats from the start of the bar, swing included. */
  readonly timeOf: (beat: number) => number;
}
