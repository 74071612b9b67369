import type { LicenceFeed } from '../domain/licence-feed.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** One statement each, over the part of one index that is new. */
export function createPrismaLicenceFeed(prisma: PrismaClient): LicenceFeed {
  return {
    async changesSince(after, limit) {
      if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
        throw new RangeError(`limit must be 1..1000, got ${limit}`);
      const [found] = await prisma.$queryRaw<[Found]>`
        SELECT coalesce((SELECT max(seq) FROM catalog.licence_changes), 0) AS last,
          (SELECT pruned_until FROM catalog.licence_clock) AS "prunedUntil",
          (SELECT json_agg(json_build_array(seq::text, track_id)) FROM (
            SELECT seq, track_id FROM catalog.licence_changes WHERE seq > ${after}::bigint
            ORDER BY seq LIMIT ${limit + 1}
          ) AS change) AS changes`;
      const { last, prunedUntil } = found;
      if (after === null) return { seq: last, trackIds: [], hasMore: false, reset: false };
      if (after < prunedUntil || after > last)
        return { seq: last, trackIds: [], hasMore: false, reset: true };
      const changes = (found.changes ?? []).slice(0, limit);
      return {
        seq: BigInt(changes.at(-1)?.[0] ?? after),
        trackIds: [...new Set(changes.map(([, trackId]) => trackId))],
        hasMore: (found.changes ?? []).length > limit,
        reset: false,
      };
    },
  };
}

interface Found {
  last: bigint;
  prunedUntil: bigint;
  /** `[seq, track]`. */
  changes: readonly [string, string][] | null;
}
