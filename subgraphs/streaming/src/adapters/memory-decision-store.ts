import { type DecisionRecord, type DecisionStore, decisionLifetimeMs } from '../domain/decision-record.ts';

/** Decisions in this process, the last `capacity` of them. */
export function createMemoryDecisionStore({
  capacity = 50_000,
  clock = Date.now,
}: {
  /** Some 500 bytes each. */
  capacity?: number;
  /** Milliseconds since 1970. */
  clock?: () => number;
} = {}): DecisionStore {
  const records = new Map<string, DecisionRecord>();
  return {
    async find(decisionId) {
      const record = records.get(decisionId);
      return record && record.decidedAt.getTime() > clock() - decisionLifetimeMs ? record : null;
    },
    async save(saved) {
      for (const record of saved) {
        if (records.has(record.decisionId)) continue;
        records.set(record.decisionId, record);
        // A Map keeps the order in which its keys came.
        if (records.size > capacity) records.delete(records.keys().next().value as string);
      }
    },
  };
}
