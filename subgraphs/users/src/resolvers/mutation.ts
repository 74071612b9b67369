import { forbidden } from '@medley/errors';
import { decodeId } from '@medley/ids';
import { idArgument, requireViewer as requireActor } from '@medley/subgraph';
import type { Context } from '../context.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { SignedIn } from '../domain/start-session.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { userErrorsOf } from './user-errors.ts';

export const mutation: MutationResolvers = {
  async viewerSignUp(_parent, { input }, { useCases, request }) {
    return toPayload(await useCases.signUp(input, request.clientAddress));
  },

  async viewerSignIn(_parent, { input }, { useCases, request }) {
    return toPayload(await useCases.signIn(input, request.clientAddress));
  },

  async sessionRefresh(_parent, { input }, { useCases }) {
    const outcome = await useCases.refresh(input.refreshToken);
    return { tokens: outcome.ok ? outcome.value : null, userErrors: userErrorsOf(outcome) };
  },

  // Not `requireViewer`: signing out of a session that is over already is no error.
  async sessionSignOut(_parent, _args, { useCases, request }) {
    const actor = requireActor(request);
    const endedSessions = await useCases.signOut({
      accountId: decodeId(actor.id, 'user'),
      sessionId: decodeId(actor.sessionId, 'session'),
    });
    return { endedSessions, userErrors: [] };
  },

  async sessionSignOutEverywhere(_parent, _args, { useCases, requireViewer }) {
    return { endedSessions: await useCases.signOutEverywhere(await requireViewer()), userErrors: [] };
  },

  async passwordChange(_parent, { input }, { useCases, requireViewer }) {
    const outcome = await useCases.changePassword(await requireViewer(), input);
    return { viewer: outcome.ok ? outcome.value : null, userErrors: userErrorsOf(outcome) };
  },

  async passwordResetRequest(_parent, { input }, { useCases, request }) {
    return { userErrors: userErrorsOf(await useCases.requestPasswordReset(input, request.clientAddress)) };
  },

  async passwordReset(_parent, { input }, { useCases, request }) {
    return { userErrors: userErrorsOf(await useCases.resetPassword(input, request.clientAddress)) };
  },

  async viewerUpdate(_parent, { input }, { useCases, requireViewer }) {
    const outcome = await useCases.updateViewer(await requireViewer(), input);
    return { viewer: outcome.ok ? outcome.value : null, userErrors: userErrorsOf(outcome) };
  },

  async userTierSet(_parent, { input }, context) {
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
  if (requireActor(request).scopes.includes(scope) && viewer.account.scopes.includes(scope)) return viewer;
  throw forbidden(`This needs the scope ${scope}.`, [scope]);
}
