import { MedleyError } from '@medley/errors';
import { idArgument, requireScope } from '@medley/subgraph';
import { DecisionsUnavailableError } from '../domain/decision-record.ts';
import type { QueryResolvers } from '../generated/graphql.ts';
import { trackReference } from './track-reference.ts';

export const playbackDecision: QueryResolvers['playbackDecision'] = async (
  _,
  { id },
  { request, decisions },
) => {
  requireScope(request, 'playback:support');
  idArgument('id', id, 'decision');
  const decision = await decisions.find(id).catch((error: unknown) => {
    if (!(error instanceof DecisionsUnavailableError)) throw error;
    throw new MedleyError('UPSTREAM_UNAVAILABLE', 'Decisions cannot be read just now. Ask again.');
  });
  if (!decision) return null;
  const { outcome, viewerId, trackId } = decision;
  return {
    ...decision,
    id,
    granted: outcome === 'GRANTED',
    code: outcome === 'GRANTED' ? null : outcome,
    user: viewerId === null ? null : { __typename: 'User', id: viewerId },
    track: trackReference(trackId),
  };
};
