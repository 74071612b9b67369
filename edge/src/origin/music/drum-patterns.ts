import type { Bar } from './notation.ts';
import type { Score } from './score.ts';

export type Drum = 'kick' | 'snare' | 'brush' | 'hat' | 'open-hat' | 'rim';

export interface DrumHit {
  readonly drum: Drum;
  /** Seconds from the start of the piece. */
  readonly at: number;
  /** 0..1. */
  readonly velocity: number;
}

type Pattern = Readonly<Partial<Record<Drum, string>>>;

/** One character a sixteenth: `X` loud, `x` normal, `.` soft, space silent. */
const patterns: Readonly<Record<Score['drums'], Pattern>> = {
  'four-on-the-floor': {
    kick: 'X   X   X   X   ',
    snare: '    x       x   ',
    hat: '. . . . . . . . ',
    'open-hat': '  x   x   x   x ',
  },
  breakbeat: {
    kick: 'X  x      X x   ',
    snare: '    X  .    X  .',
    hat: 'x . x . x . x ..',
    rim: '         .    . ',
  },
  brushes: {
    kick: 'x       x .     ',
    brush: '. . X . . . X ..',
    hat: '    x       x   ',
  },
  waltz: {
    kick: 'X           ',
    brush: '    x   x  .',
    hat: '. . . . . . ',
    rim: '        .   ',
  },
};

const loudness: Readonly<Record<string, number>> = { X: 1, x: 0.75, '.': 0.4 };

/** The bar's drums, with a fill of the snare at the end of every eighth bar. */
export function composeDrums(score: Score, { section, index, timeOf }: Bar, random: () => number): DrumHit[] {
  if (!section.drums) return [];
  const hits: DrumHit[] = [];
  const add = (drum: Drum, sixteenth: number, level: number) => {
    // A drummer is never exact: up to 4 ms late, and never twice as loud.
    const at = timeOf(sixteenth / 4) + random() * 0.004;
    hits.push({ drum, at, velocity: level * (0.85 + 0.15 * random()) * (0.7 + 0.3 * section.energy) });
  };
  for (const [drum, pattern] of Object.entries(patterns[score.drums])) {
    for (const [sixteenth, mark] of [...pattern].entries()) {
      const level = loudness[mark];
      if (level) add(drum as Drum, sixteenth, level);
    }
  }
  if (index % 8 === 7) {
    const fill = score.drums === 'brushes' || score.drums === 'waltz' ? 'brush' : 'snare';
    for (let step = 4; step > 0; step -= 1) add(fill, score.beatsPerBar * 4 - step, 0.9 - step * 0.12);
  }
  return hits;
}
