import type { MutationResolvers } from '../generated/graphql.ts';
import { playbackReport } from './playback-report.ts';

export const Mutation: MutationResolvers = { playbackReport };
