import { z } from 'zod';
import { days, defineEvent, defineTopic, hours } from './define.ts';

const count = z.int().nonnegative();

/**
 * How often a track was played on one day of UTC that is over. Told when the day is over, and again when no play of it is taken any more:
 * of two with the same `final` the later one holds.
 */
export const trackPlaysCounted = defineEvent('TrackPlaysCounted', 1, {
  trackId: z.string(),
  /** `2026-11-23` */
  day: z.iso.date(),
  plays: count,
  /** How many accounts, as a sketch tells it. */
  listeners: count,
  /** False while late plays may still change it. */
  final: z.boolean(),
  /** By their codes; '' is an unknown one. */
  markets: z.array(z.looseObject({ market: z.string(), plays: count })),
});

/** Keyed by track. */
export const analyticsCounts = defineTopic({
  name: 'analytics.counts.v1',
  partitions: 12,
  retentionMs: days(30),
  events: [trackPlaysCounted],
});

/** How much a track is listened to, relative to all others. Of a track that is played too little nothing is told. */
export const trackPopularityMeasured = defineEvent('TrackPopularityMeasured', 1, {
  id: z.string(),
  /** Which of two is newer. */
  stateVersion: z.int().positive(),
  /** 0 to 100 */
  popularity: z.int().min(0).max(100),
  /** Plays of the 28 days that it was made of. */
  plays: count,
  measuredAt: z.iso.datetime(),
});

/** Keyed by track: the last one of each is its popularity. */
export const analyticsPopularity = defineTopic({
  name: 'analytics.popularity.v1',
  partitions: 6,
  retentionMs: null,
  events: [trackPopularityMeasured],
});

/**
 * Plays that were counted just now. A batch may be told twice, and is one by its id; if whoever counted it ended at that moment it is told
 * some seconds later, without the tracks. Nothing in it means that nothing was counted until now: somebody wants to know that a second is over.
 */
export const playsCounted = defineEvent('PlaysCounted', 1, {
  /** What was counted in one transaction each. */
  batches: z.array(
    z.looseObject({
      id: z.uuid(),
      /** By their codes; '' is an unknown one. */
      markets: z.array(z.looseObject({ market: z.string(), plays: count, notCounted: count })),
    }),
  ),
  /** Those that were played, in all of these batches. */
  tracks: z.array(z.looseObject({ trackId: z.string(), plays: count })),
});

/** Of one partition, so that everybody reads the same order: when a record was appended says in which second it was counted. */
export const analyticsLive = defineTopic({
  name: 'analytics.live.v1',
  partitions: 1,
  retentionMs: hours(1),
  events: [playsCounted],
});
