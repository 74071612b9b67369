import { type StageProgress, stages } from './stages.ts';
import type { TrainingOutcome } from './train.ts';

const barWidth = 20;

/** `5 of 8  factors  ████████░░░░░░░░░░░░  41 %` */
export function formatTrainingProgress({ stage, share }: StageProgress): string {
  const names = Object.keys(stages);
  const filled = Math.round(share * barWidth);
  return [
    `${names.indexOf(stage) + 1} of ${names.length}`,
    stages[stage],
    `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`,
    `${Math.floor(share * 100)} %`,
  ].join('  ');
}

/** What came of a training, line by line. */
export function formatOutcome(outcome: TrainingOutcome, seconds: number): string[] {
  const { version, serves, refusal, figures, notes } = outcome;
  const count = (number: number) => number.toLocaleString('en');
  const learned = `${count(figures.plays)} plays of ${count(figures.tracks)} tracks by ${count(figures.users)} accounts`;
  const checked = [
    ...(figures.coverage === null
      ? []
      : [`neighbours for ${(figures.coverage * 100).toFixed(1)} % of the tracks`]),
    ...(figures.recall === null ? [] : [`recall at 10 ${figures.recall.toFixed(3)}`]),
  ];
  return [
    ...notes.map((note) => `  ${note}`),
    `${[learned, ...checked].join('; ')}.`,
    serves
      ? `Model ${version} serves, after ${seconds.toFixed(1)} s.`
      : `Model ${version} does not serve. ${refusal} The one before it goes on, if there is one.`,
  ];
}
