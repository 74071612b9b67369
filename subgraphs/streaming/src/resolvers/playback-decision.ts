import { MedleyError } from '@medley/errors';
import { idArgument } from '@medley/subgraph';
import { DecisionsUnavailableError } from '../domain/decision-record.ts';
import type { QueryResolvers } from '../generated/graphql.ts';
import { trackReference } from './track-reference.ts';

// Who may ask is in the schema: the router lets nobody through who lacks the scope.
export const playbackDecision: QueryResolvers['playbackDecision'] = async (_, { id }, { decisions }) => {
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
