import type { Actor } from '@medley/identity';
import { beforeEach, expect, it } from 'vitest';
import type { TrainingRecord } from '../../src/domain/models.ts';
import { aModel } from './memory-models.ts';
import { idOf, openRecommendations, type Recommendations } from './recommendations-under-test.ts';

const query = `{ recommendationsStatus { model { version coverage } archivedUntil following { topic group behind }
  trainings { version method engine state refusal startedAt trainedAt plays users tracks coverage recall } } }`;

let service: Recommendations;
beforeEach(async () => {
  service = await openRecommendations();
});
const viewer = (scopes: string[]): Actor => ({
  kind: 'viewer',
  id: idOf('user', 'ann'),
  sessionId: 's',
  scopes,
});

const training = (record: Partial<TrainingRecord>): TrainingRecord => ({
  id: 1,
  version: 'v1',
  method: 'item-knn',
  engine: 'embedded',
  state: 'RETIRED',
  refusal: null,
  startedAt: new Date('2026-11-22T04:00:00.000Z'),
  trainedAt: new Date('2026-11-22T04:10:00.000Z'),
  figures: { plays: 10, users: 3, tracks: 5, playsUntil: null, coverage: 0.9, recall: 0.2 },
  ...record,
});

it('tells what serves, how trainings ended, and how far everything is', async () => {
  service.models.model = aModel;
  service.models.records = [
    training({ id: 4, version: 'v4', state: 'TRAINING', trainedAt: null, figures: null }),
    training({ id: aModel.id, version: aModel.version, state: 'SERVING' }),
    training({ id: 2, version: 'v2', state: 'REFUSED', refusal: 'too few plays' }),
  ];
  service.world.archivedUntil = new Date('2026-11-23T11:00:00.000Z');
  service = await openRecommendations({
    models: service.models,
    archive: {
      archivedUntil: async () => service.world.archivedUntil ?? new Date('2026-11-23T11:00:00.000Z'),
    },
  });
  const { data, errors } = await service.ask<{ recommendationsStatus: { trainings: object[] } }>(
    query,
    {},
    { actor: viewer(['analytics:read']) },
  );
  expect(errors).toBeUndefined();
  expect(data.recommendationsStatus).toMatchObject({
    model: { version: aModel.version, coverage: 0.9 },
    archivedUntil: '2026-11-23T11:00:00.000Z',
    following: [{ topic: 'streaming.play-events.v1', group: 'recommendations.plays', behind: 7 }],
  });
  expect(data.recommendationsStatus.trainings[0]).toMatchObject({
    state: 'TRAINING',
    plays: null,
    recall: null,
  });
  expect(data.recommendationsStatus.trainings[2]).toMatchObject({
    state: 'REFUSED',
    refusal: 'too few plays',
  });
});

it('says so when no model serves and nothing is archived yet', async () => {
  const { data } = await service.ask(query, {}, { actor: viewer(['analytics:read']) });
  expect(data).toMatchObject({ recommendationsStatus: { model: null, trainings: [], archivedUntil: null } });
});

it('is for those with the scope analytics:read', async () => {
  const codeFor = async (actor: Actor) => {
    const { data, errors } = await service.ask(query, {}, { actor });
    expect(data).toEqual({ recommendationsStatus: null });
    return errors?.[0]?.extensions;
  };
  expect(await codeFor(viewer([]))).toMatchObject({ code: 'FORBIDDEN', missingScopes: ['analytics:read'] });
  expect(await codeFor({ kind: 'anonymous' })).toMatchObject({ code: 'UNAUTHENTICATED' });
});
