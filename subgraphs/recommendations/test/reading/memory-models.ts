import type {
  ModelReader,
  Neighbour,
  NeighbourKind,
  ServingModel,
  TrainingRecord,
} from '../../src/domain/models.ts';

/** A model in memory; without `serving` there is none. */
export interface MemoryModels extends ModelReader {
  model: ServingModel | null;
  readonly lists: Map<string, readonly Neighbour[]>;
  popularIds: readonly string[];
  records: readonly TrainingRecord[];
  readonly calls: Map<string, number>;
}

export const aModel: ServingModel = {
  id: 3,
  version: '2026-11-23T04:00:00Z-3',
  method: 'item-knn+ials',
  trainedAt: new Date('2026-11-23T04:10:00.000Z'),
};

export const listKey = (kind: NeighbourKind, id: string) => `${kind} ${id}`;

export function createMemoryModels(): MemoryModels {
  const calls = new Map<string, number>();
  const count = (name: string) => calls.set(name, (calls.get(name) ?? 0) + 1);
  const models: MemoryModels = {
    model: null,
    lists: new Map(),
    popularIds: [],
    records: [],
    calls,
    async serving() {
      count('serving');
      return models.model;
    },
    async neighbours(_, kind, ids) {
      count('neighbours');
      return new Map(
        ids.flatMap((id) => {
          const list = models.lists.get(listKey(kind, id));
          return list ? [[id, list] as const] : [];
        }),
      );
    },
    factors: async () => new Map(),
    async popular(_, _market, limit) {
      count('popular');
      return models.popularIds.slice(0, limit);
    },
    trainings: async (limit) => models.records.slice(0, limit),
  };
  return models;
}
