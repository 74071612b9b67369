import { requireScope } from '@medley/subgraph';
import type { Context } from '../context.ts';
import type { TrainingRecord } from '../domain/models.ts';
import { fromStores } from './from-stores.ts';

const mostTrainings = 20;

export async function readStatus({ request, models, followed, archive }: Context) {
  requireScope(request, 'analytics:read');
  const [trainings, serving, following, archivedUntil] = await Promise.all([
    fromStores(models.trainings(mostTrainings)),
    fromStores(models.serving()),
    followed.readLag(),
    fromStores(archive.archivedUntil()),
  ]);
  const model = trainings.find(({ id }) => id === serving?.id);
  return {
    model: model ? toModelStatus(model) : null,
    trainings: trainings.map(toModelStatus),
    following: [...following],
    archivedUntil,
  };
}

const toModelStatus = ({ figures, ...training }: TrainingRecord) => ({
  ...training,
  plays: figures?.plays ?? null,
  users: figures?.users ?? null,
  tracks: figures?.tracks ?? null,
  coverage: figures?.coverage ?? null,
  recall: figures?.recall ?? null,
});
