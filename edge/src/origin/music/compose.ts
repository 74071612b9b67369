import { createRandom } from '../synth/arithmetic.ts';
import { composeDrums, type DrumHit } from './drum-patterns.ts';
import { composeMelody } from './melody.ts';
import type { Bar, Note } from './notation.ts';
import { pitchOf, type Score } from './score.ts';
import { sectionOf } from './sections.ts';

export interface Composition {
  readonly notes: readonly Note[];
  readonly hits: readonly DrumHit[];
}

/** Writes the piece out: chords, arpeggios, bass, melody and drums. */
export function compose(score: Score): Composition {
  const random = createRandom(score.number * 7919);
  const bars = layOutBars(score);
  const notes = [
    ...bars.flatMap((bar) => composePad(score, bar)),
    ...bars.flatMap((bar) => composeKeys(score, bar, random)),
    ...bars.flatMap((bar) => composeBass(score, bar, random)),
    ...composeMelody(score, bars, random),
  ];
  return { notes, hits: bars.flatMap((bar) => composeDrums(score, bar, random)) };
}

function layOutBars(score: Score): Bar[] {
  const beatSeconds = 60 / score.tempo;
  let centre = score.tonic + 8;
  return Array.from({ length: score.bars }, (_, index) => {
    const section = sectionOf(score, index);
    const chords = section.kind === 'chorus' ? score.chorus : score.verse;
    const degree = chords[index % chords.length] as number;
    const voicing = voiceChord(score, degree, centre);
    // Half way back to the middle, or the chords would climb out of the window over time.
    centre = (mean(voicing) + score.tonic + 8) / 2;
    const barStart = index * score.beatsPerBar * beatSeconds;
    const timeOf = (beat: number) => barStart + swung(beat, score.swing) * beatSeconds;
    return { section, index, degree, voicing, timeOf };
  });
}

function swung(beat: number, swing: number): number {
  const halves = beat * 2;
  return halves % 2 === 1 ? beat + swing / 2 : beat;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Root, third, fifth and seventh, each in the octave that lies nearest to the centre. */
function voiceChord(score: Score, degree: number, centre: number): number[] {
  return [0, 2, 4, 6]
    .map((third) => {
      const pitch = pitchOf(score, degree + third);
      return pitch + 12 * Math.round((centre - pitch) / 12);
    })
    .sort((left, right) => left - right);
}

function composePad(score: Score, { section, voicing, timeOf }: Bar): Note[] {
  const at = timeOf(0);
  const seconds = timeOf(score.beatsPerBar) - at;
  return voicing.map((pitch) => ({ part: 'pad', at, seconds, pitch, velocity: 0.5 + 0.3 * section.energy }));
}

function composeKeys(score: Score, { section, voicing, timeOf }: Bar, random: () => number): Note[] {
  if (!section.keys) return [];
  const ladder = [...voicing, ...voicing.map((pitch) => pitch + 12)];
  const eighths = score.beatsPerBar * 2;
  const notes: Note[] = [];
  for (let eighth = 0; eighth < eighths; eighth += 1) {
    if (random() > 0.55 + 0.4 * section.energy) continue;
    // Up and down the chord, with a leap now and then.
    const rung = random() < 0.15 ? Math.floor(random() * ladder.length) : 3 - Math.abs((eighth % 6) - 3) + 2;
    const at = timeOf(eighth / 2);
    const velocity = (eighth % 2 === 0 ? 0.75 : 0.55) + 0.2 * random();
    notes.push({ part: 'keys', at, seconds: 60 / score.tempo, pitch: ladder[rung] as number, velocity });
  }
  return notes;
}

function composeBass(score: Score, { section, degree, timeOf }: Bar, random: () => number): Note[] {
  if (!section.bass) return [];
  const root = pitchOf(score, degree) - 12 - (degree > 3 ? 12 : 0);
  const fifth = pitchOf(score, degree + 4) - 12 - (degree > 3 ? 12 : 0);
  const driving = score.bass === 'saw';
  const beats = driving
    ? Array.from({ length: score.beatsPerBar * 2 }, (_, eighth) => eighth / 2)
    : score.beatsPerBar === 3
      ? [0, 2]
      : [0, 1.5, 2.5];
  return beats.map((beat, index) => {
    const at = timeOf(beat);
    const until = timeOf(beats[index + 1] ?? score.beatsPerBar);
    const passing = index > 0 && random() < 0.25;
    const lift = driving && index % 4 === 3 ? 12 : 0;
    const velocity = index === 0 ? 0.95 : 0.75;
    return {
      part: 'bass',
      at,
      seconds: (until - at) * 0.92,
      pitch: (passing ? fifth : root) + lift,
      velocity,
    };
  });
}
