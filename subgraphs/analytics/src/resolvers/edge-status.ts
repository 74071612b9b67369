import type { Context } from '../context.ts';
import { readEdgeStatus as read } from '../domain/edge-status.ts';
import type { AudioQuality, EdgeMissResolvers } from '../generated/graphql.ts';

export async function readEdgeStatus(_given: object, { statistics, now }: Context) {
  const { hottestMisses, nodes, ...status } = await read(statistics, now());
  return { ...status, hottestMisses: [...hottestMisses], nodes: [...nodes] };
}

export const EdgeMiss: EdgeMissResolvers = {
  track: ({ audio }) => audio && { id: audio.trackId },
  quality: ({ audio }) => audio && (audio.quality as AudioQuality),
};
