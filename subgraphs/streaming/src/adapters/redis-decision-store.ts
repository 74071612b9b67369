import type { Redis } from 'ioredis';
import { z } from 'zod';
import { audioQualities } from '../domain/audio-quality.ts';
import {
  type DecisionRecord,
  type DecisionStore,
  DecisionsUnavailableError,
  decisionLifetimeMs,
  decisionOutcomes,
} from '../domain/decision-record.ts';
import { tiers } from '../domain/tier.ts';

/**
 * Decisions in Redis, for all processes together. Each ends seven days after it was made, however often it is saved.
 * @param client of `connectRedis`
 */
export function createRedisDecisionStore({
  client,
  keyPrefix = 'streaming:decision:',
}: {
  client: Redis;
  keyPrefix?: string;
}): DecisionStore {
  return {
    async find(decisionId) {
      const text = await unlessAway(client.get(`${keyPrefix}${decisionId}`));
      return text === null ? null : readRecord(text);
    },
    async save(records) {
      if (records.length === 0) return;
      const pipeline = client.pipeline();
      for (const record of records) {
        const endsAt = record.decidedAt.getTime() + decisionLifetimeMs;
        pipeline.set(`${keyPrefix}${record.decisionId}`, JSON.stringify(record), 'PXAT', endsAt);
      }
      for (const [error] of (await unlessAway(pipeline.exec())) ?? []) {
        if (error) throw new DecisionsUnavailableError('decisions could not be saved', error);
      }
    },
  };
}

async function unlessAway<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw new DecisionsUnavailableError('Redis did not answer', error);
  }
}

const nullableText = z.string().nullable();
const recordSchema = z.object({
  decisionId: z.string(),
  decidedAt: z.iso.datetime().transform((text) => new Date(text)),
  viewerId: nullableText,
  trackId: z.string(),
  requestedQuality: z.enum(audioQualities),
  outcome: z.enum(decisionOutcomes),
  grantedQuality: z.enum(audioQualities).nullable(),
  market: nullableText,
  marketSource: z.enum(['ADDRESS', 'ACCOUNT']).nullable(),
  tier: z.enum(tiers).nullable(),
  trackVersion: z.int().nullable(),
  message: nullableText,
});

/** Null for what another version of us wrote, and we cannot read. */
function readRecord(text: string): DecisionRecord | null {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
