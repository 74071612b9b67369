import type { MutationResolvers } from '../generated/graphql.ts';
import { playbackHeartbeat } from './playback-heartbeat.ts';
import { playbackQualityReport } from './playback-quality-report.ts';
import { playbackQueueReplace } from './playback-queue-replace.ts';
import { playbackReport } from './playback-report.ts';
import { playbackStart, playbackTakeOver } from './playback-start.ts';
import { playbackStop } from './playback-stop.ts';

export const Mutation: MutationResolvers = {
  playbackStart,
  playbackTakeOver,
  playbackHeartbeat,
  playbackStop,
  playbackQueueReplace,
  playbackReport,
  playbackQualityReport,
};
