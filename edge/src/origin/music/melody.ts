import type { Bar, Note } from './notation.ts';
import { pitchOf, type Score } from './score.ts';

/** Rhythms of one bar as pairs of start and length in beats. */
const rhythms: Readonly<Record<3 | 4, readonly (readonly (readonly [number, number])[])[]>> = {
  4: [
    [
      [0, 1],
      [1, 0.5],
      [1.5, 1.5],
      [3, 1],
    ],
    [
      [0, 1.5],
      [1.5, 0.5],
      [2, 2],
    ],
    [
      [0.5, 0.5],
      [1, 1],
      [2, 0.5],
      [2.5, 1.5],
    ],
    [
      [0, 0.5],
      [0.5, 0.5],
      [1, 1],
      [2.5, 0.5],
      [3, 1],
    ],
  ],
  3: [
    [
      [0, 1],
      [1, 1],
      [2, 1],
    ],
    [
      [0, 2],
      [2, 1],
    ],
    [
      [0, 1.5],
      [1.5, 0.5],
      [2, 1],
    ],
    [
      [0.5, 0.5],
      [1, 2],
    ],
  ],
};

interface Motif {
  readonly rhythm: readonly (readonly [number, number])[];
  /** Steps of the scale from one note to the next. */
  readonly steps: readonly number[];
}

/** A line of four-bar phrases: two motifs as A A' B and a held note, landing on tones of the chord. */
export function composeMelody(score: Score, bars: readonly Bar[], random: () => number): Note[] {
  const motif = (): Motif => {
    const choices = rhythms[score.beatsPerBar];
    const rhythm = choices[Math.floor(random() * choices.length)] as Motif['rhythm'];
    return { rhythm, steps: rhythm.map(() => [-2, -1, -1, 1, 1, 2, 3][Math.floor(random() * 7)] as number) };
  };
  const motifs = { verse: [motif(), motif()], chorus: [motif(), motif()] } as const;
  let position = 7;
  return bars.flatMap((bar) => {
    const { kind, lead, energy } = bar.section;
    // The voice rests every other phrase of a verse, so that the keys are heard.
    if (!lead || (kind === 'verse' && bar.index % 8 >= 4)) return [];
    const inPhrase = bar.index % 4;
    const pair = kind === 'chorus' ? motifs.chorus : motifs.verse;
    const { rhythm, steps } = inPhrase === 3 ? heldNote(score) : pair[inPhrase === 2 ? 1 : 0];
    return rhythm.map(([beat, beats], index) => {
      position = index === 0 ? nearestChordTone(bar.degree, position) : position + (steps[index] as number);
      if (position > 14) position -= 4;
      if (position < 4) position += 4;
      const at = bar.timeOf(beat);
      const seconds = (bar.timeOf(beat + beats) - at) * 0.95;
      return { part: 'lead', at, seconds, pitch: pitchOf(score, position), velocity: 0.6 + 0.3 * energy };
    });
  });
}

const heldNote = ({ beatsPerBar }: Score): Motif => ({ rhythm: [[0, beatsPerBar - 0.5]], steps: [0] });

/** The degree of root, third or fifth, in any octave, that lies nearest. */
function nearestChordTone(root: number, position: number): number {
  const candidates = [root, root + 2, root + 4].map((tone) => tone + 7 * Math.round((position - tone) / 7));
  return candidates.reduce((best, tone) =>
    Math.abs(tone - position) < Math.abs(best - position) ? tone : best,
  );
}
