import type { Logger } from '@medley/service';
import type { ModelWriter, TrainingRecord } from '../domain/models.ts';
import { stages } from './stages.ts';
import type { TrainingMethod } from './training-method.ts';
import type { WorkFolder } from './work-folder.ts';

/** What a training was begun with: another one does not go on with it. */
interface Terms {
  readonly method: TrainingMethod;
  readonly engine: string;
  readonly from: string | null;
}

/** What the work folder belongs to. */
interface Begun {
  readonly modelId: number;
  readonly version: string;
  readonly terms: Terms;
  /** How far it was when it was begun or gone on with the last time. */
  readonly place: string;
  /** How often that was at this place. */
  readonly tries: number;
}

/** What comes no further so often never would. */
const mostTries = 5;
/** Plays of yesterday are worth more than the work of a day. */
const longestMs = 86_400_000;

/** Goes on with a training that was interrupted, if it is of the same terms; gives it up otherwise, and begins a new one. */
export async function beginTraining({
  models,
  work,
  terms,
  now,
  logger,
}: {
  readonly models: Pick<ModelWriter, 'begin' | 'findUnfinished' | 'refuse'>;
  readonly work: WorkFolder;
  readonly terms: Terms;
  readonly now: number;
  readonly logger: Logger;
}): Promise<TrainingRecord> {
  const before = await work.find<Begun>('training');
  const place = await findPlace(work);
  const begun = before && (before.place === place ? before : { ...before, place, tries: 0 });
  for (;;) {
    const unfinished = await models.findUnfinished();
    if (!unfinished) break;
    const obstacle = findObstacle(unfinished, { begun, terms, now });
    if (obstacle === null && begun) {
      await work.finish('training', { ...begun, tries: begun.tries + 1 });
      logger.info({ version: unfinished.version }, 'a training that was interrupted goes on');
      return unfinished;
    }
    await models.refuse(unfinished.id, `It was given up: ${obstacle}.`);
  }
  await work.clear();
  const training = await models.begin({ method: terms.method.name, engine: terms.engine });
  const note: Begun = {
    modelId: training.id,
    version: training.version,
    terms,
    place: await findPlace(work),
    tries: 1,
  };
  await work.finish('training', note);
  return training;
}

/** Another one when something more is done. */
async function findPlace(work: WorkFolder): Promise<string> {
  const results = await Promise.all(Object.keys(stages).map((stage) => work.find(stage)));
  const finished = results.filter((result) => result !== null).length;
  return `${finished} stages, ${(await work.find<number>('written')) ?? 0} rows`;
}

/** Why a training cannot go on; null when it can. */
function findObstacle(
  { id, version, startedAt }: TrainingRecord,
  { begun, terms, now }: { begun: Begun | null; terms: Terms; now: number },
): string | null {
  if (begun?.modelId !== id || begun.version !== version) return 'what it had computed is not here';
  if (JSON.stringify(begun.terms) !== JSON.stringify(terms)) return 'another one was wanted';
  if (begun.tries >= mostTries) return `it came no further, ${begun.tries} times`;
  if (now - startedAt.getTime() > longestMs) return 'it had been begun more than a day before';
  return null;
}
