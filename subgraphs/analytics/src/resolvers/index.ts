import type { Resolvers } from '../generated/graphql.ts';
import { Artist, ArtistStats } from './artist-stats.ts';
import { CdnCounts } from './cdn-traffic.ts';
import { ChartEntry } from './chart.ts';
import { Count } from './count.ts';
import { DenialCount } from './denials.ts';
import { DoubtfulPlay } from './doubtful-plays.ts';
import { EdgeMiss } from './edge-status.ts';
import { PlayCounts } from './play-series.ts';
import { PlaybackQualityGroup } from './playback-quality.ts';
import { Query } from './query.ts';
import { Subscription } from './subscription.ts';
import { TopTrack } from './top-tracks.ts';
import { Track } from './track.ts';

export const resolvers: Resolvers = {
  Query,
  Subscription,
  Track,
  Artist,
  ArtistStats,
  ChartEntry,
  PlayCounts,
  TopTrack,
  DenialCount,
  PlaybackQualityGroup,
  CdnCounts,
  EdgeMiss,
  DoubtfulPlay,
  Count,
};
