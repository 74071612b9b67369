import { forbidden } from '@medley/errors';
import { decodeId } from '@medley/ids';
import { idArgument, requireSignedIn } from '@medley/subgraph';
import type { Context } from '../context.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { SignedIn } from '../domain/start-session.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { userErrorsOf } from './user-errors.ts';

export const Mutation: MutationResolvers = {
  async viewerSignUp(_, { input }, { useCases, request }) {
    return toPayload(await useCases.signUp(input, request.clientAddress));
  },

  async viewerSignIn(_, { input }, { useCases, request }) {
    return toPayload(await useCases.signIn(input, request.clientAddress));
  },

  async sessionRefresh(_, { input }, { useCases }) {
    const outcome = await useCases.refresh(input.refreshToken);
    return { tokens: outcome.ok ? outcome.value : null, userErrors: userErrorsOf(outcome) };
  },

  // Not `requireViewer`: signing out of a session that is over already is no error.
  async sessionSignOut(_, _args, { useCases, request }) {
    const actor = requireSignedIn(request);
    const endedSessions = await useCases.signOut({
      accountId: decodeId(actor.id, 'user'),
      sessionId: decodeId(actor.sessionId, 'session'),
    });
    return { endedSessions, userErrors: [] };
  },

  async sessionSignOutEverywhere(_, _args, { useCases, requireViewer }) {
    return { endedSessions: await useCases.signOutEverywhere(await requireViewer()), userErrors: [] };
  },

  async passwordChange(_, { input }, { useCases, requireViewer }) {
    const outcome = await useCases.changePassword(await requireViewer(), input);
    return { viewer: outcome.ok ? outcome.value : null, userErrors: userErrorsOf(outcome) };
  },

  async passwordResetRequest(_, { input }, { useCases, request }) {
    return { userErrors: userErrorsOf(await useCases.requestPasswordReset(input, request.clientAddress)) };
  },

  async passwordReset(_, { input }, { useCases, request }) {
    return { userErrors: userErrorsOf(await useCases.resetPassword(input, request.clientAddress)) };
  },

  async viewerUpdate(_, { input }, { useCases, requireViewer }) {
    const outcome = await useCases.updateViewer(await requireViewer(), input);
    return { viewer: outcome.ok ? outcome.value : null, userErrors: userErrorsOf(outcome) };
  },

  async userTierSet(_, { input }, context) {
    const by = await requireScope('users:admin', context);
    const accountId = idArgument('input.userId', input.userId, 'user');
    const outcome = await context.useCases.setTier(by, { accountId, tier: input.tier });
    return {
      user: outcome.ok ? outcome.value : null,
      tier: outcome.ok ? outcome.value.tier : null,
      userErrors: userErrorsOf(outcome),
    };
  },
};

function toPayload(outcome: Outcome<SignedIn>) {
  if (!outcome.ok) return { viewer: null, tokens: null, userErrors: userErrorsOf(outcome) };
  const { account, session, tokens } = outcome.value;
  return { viewer: { account, sessionId: session.id }, tokens, userErrors: [] };
}

/** The router asks for scopes of the token; here the account itself must have them, now. */
async function requireScope(scope: string, { request, requireViewer }: Context): Promise<Viewer> {
  const viewer = await requireViewer();
  if (requireSignedIn(request).scopes.includes(scope) && viewer.account.scopes.includes(scope)) return viewer;
  throw forbidden(`This needs the scope ${scope}.`, [scope]);
}
