import { idArgument, requireScope } from '@medley/subgraph';
import type { Context } from '../context.ts';
import type { Track } from '../domain/model.ts';
import type { Problem } from '../domain/problem.ts';
import type { TrackDecisions } from '../domain/track-decisions.ts';
import { readCorrection, readMarkets, readWindows } from '../domain/track-input.ts';
import type { MutationResolvers } from '../generated/graphql.ts';

export const Mutation: MutationResolvers = {
  trackUpdate(_, { input }, context) {
    const { value, problems } = readCorrection(input);
    return decide(context, input, problems, (decisions, id) => decisions.updateTrack(id, value));
  },
  trackWithdraw: (_, { input }, context) =>
    decide(context, input, [], (decisions, id) => decisions.withdrawTrack(id, context.now())),
  trackReinstate: (_, { input }, context) =>
    decide(context, input, [], (decisions, id) => decisions.reinstateTrack(id)),
  trackMarketsSet(_, { input }, context) {
    const { value, problems } = readMarkets(input.markets);
    return decide(context, input, problems, (decisions, id) => decisions.setMarkets(id, value));
  },
  trackLicenceWindowsSet(_, { input }, context) {
    const { value, problems } = readWindows(input.windows);
    return decide(context, input, problems, (decisions, id) => decisions.setLicenceWindows(id, value));
  },
};

/** @throws MedleyError UNAUTHENTICATED or FORBIDDEN without the scope, BAD_USER_INPUT for an id that is none */
async function decide(
  { request, decisions, onWritten }: Context,
  input: { readonly trackId: string },
  problems: readonly Problem[],
  decision: (decisions: TrackDecisions, id: string) => Promise<Track | null>,
) {
  requireScope(request, 'catalog:write');
  const id = idArgument('input.trackId', input.trackId, 'track');
  if (problems.length > 0) return { track: null, userErrors: problems.map(toUserError) };
  const track = await decision(decisions, id);
  if (!track) return { track, userErrors: [toUserError(unknownTrack)] };
  onWritten();
  return { track, userErrors: [] };
}

const unknownTrack: Problem = { field: ['trackId'], code: 'NOT_FOUND', message: 'There is no such track.' };

const toUserError = ({ field, code, message }: Problem) => ({ field: ['input', ...field], code, message });
