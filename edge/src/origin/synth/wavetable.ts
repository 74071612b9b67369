import { sine } from './arithmetic.ts';

export const TABLE_SIZE = 2048;

/** One cycle of a wave, with its first sample repeated at the end for interpolation. */
export type Wavetable = Float64Array;

export type Shape = 'saw' | 'square' | 'organ' | 'glass';

/** Level of each harmonic, from the fundamental up. */
const harmonicLevel: Readonly<Record<Shape, (harmonic: number) => number>> = {
  saw: (harmonic) => 0.6 / harmonic,
  square: (harmonic) => (harmonic % 2 === 1 ? 0.8 / harmonic : 0),
  organ: (harmonic) => [0, 0.5, 0.35, 0.3, 0.16, 0, 0.09, 0, 0.07][harmonic] ?? 0,
  glass: (harmonic) => [0, 0.6, 0.1, 0.22, 0, 0.12, 0, 0.07, 0, 0.05, 0, 0.03][harmonic] ?? 0,
};

const HIGHEST_HERTZ = 15_000;
const MOST_HARMONICS = 48;
const tables = new Map<string, Wavetable>();

/** The shape with as many harmonics as fit under 15 kHz at that pitch, so that nothing folds back. */
export function wavetable(shape: Shape, hertz: number): Wavetable {
  const fitting = Math.max(1, Math.min(MOST_HARMONICS, Math.floor(HIGHEST_HERTZ / hertz)));
  // Even counts only: half the tables, and nobody hears the missing one.
  const harmonics = fitting > 2 ? fitting & ~1 : fitting;
  const name = `${shape} ${harmonics}`;
  let table = tables.get(name);
  if (!table) {
    table = buildTable(harmonicLevel[shape], harmonics);
    tables.set(name, table);
  }
  return table;
}

function buildTable(levelOf: (harmonic: number) => number, harmonics: number): Wavetable {
  const table = new Float64Array(TABLE_SIZE + 1);
  for (let harmonic = 1; harmonic <= harmonics; harmonic += 1) {
    const level = levelOf(harmonic);
    if (level === 0) continue;
    for (let index = 0; index < TABLE_SIZE; index += 1) {
      table[index] = (table[index] as number) + level * sine((harmonic * index) / TABLE_SIZE);
    }
  }
  table[TABLE_SIZE] = table[0] as number;
  return table;
}
