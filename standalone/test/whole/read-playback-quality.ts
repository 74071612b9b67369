import { expect } from 'vitest';
import type { WholeService } from './start.ts';

export interface PlaybackQualityGroup {
  readonly starts: number;
  readonly startFailures: number;
  readonly abandonedStarts: number;
  readonly startFailureRatio: number | null;
  readonly clickToSound: {
    readonly count: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly relativeError: number;
  } | null;
  readonly stalls: number;
  readonly bytes: number;
  readonly edgeHitRatio: number | null;
}

const query = `query ($from: DateTime!, $tier: Tier) {
  playbackQuality(from: $from, tier: $tier) {
    groups {
      starts startFailures abandonedStarts startFailureRatio stalls bytes edgeHitRatio
      clickToSound { count p50Ms p95Ms relativeError }
    }
  }
}`;

/** What an analyst sees, once as many starts have arrived in the numbers. */
export async function readPlaybackQuality(
  service: WholeService,
  wanted: { from: string; starts: number; failures?: number; filter?: { tier: string } },
): Promise<PlaybackQualityGroup> {
  const { from, starts, failures = 0, filter } = wanted;
  let group: PlaybackQualityGroup | undefined;
  const look = async () => {
    const { data, errors } = await service.ask(query, { from, ...filter }, { as: 'analyst' });
    if (errors) throw new Error(JSON.stringify(errors[0]));
    [group] = data.playbackQuality.groups as PlaybackQualityGroup[];
    return group && [group.starts, group.startFailures];
  };
  await expect.poll(look, { timeout: 30_000 }).toEqual([starts, failures]);
  return group as PlaybackQualityGroup;
}
