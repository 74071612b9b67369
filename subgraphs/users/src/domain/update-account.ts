import type { Account, AccountRepository, Tier } from './account.ts';
import { done, type Outcome, refused } from './outcome.ts';
import { readDisplayName } from './profile.ts';
import type { NoteSecurityEvent } from './security-event.ts';
import type { Viewer } from './viewer.ts';

export interface ViewerUpdateInput {
  readonly displayName?: string | null | undefined;
  /** ISO 3166-1 alpha-2, checked by the scalar. */
  readonly country?: string | null | undefined;
  readonly allowsExplicit?: boolean | null | undefined;
}

/** Changes the viewer's own settings; what is left out, or null, stays. */
export function createViewerUpdate({ accounts }: { accounts: AccountRepository }) {
  return async (viewer: Viewer, input: ViewerUpdateInput): Promise<Outcome<Viewer>> => {
    const displayName = input.displayName == null ? done(undefined) : readDisplayName(input.displayName);
    if (!displayName.ok) return displayName;
    const account = await accounts.update(viewer.account.id, {
      displayName: displayName.value,
      country: input.country ?? undefined,
      allowsExplicit: input.allowsExplicit ?? undefined,
    });
    return account ? done({ ...viewer, account }) : refused({ ...unknown, field: null });
  };
}

/** Moves an account to another tier; for admins. */
export function createTierSet({ accounts, note }: { accounts: AccountRepository; note: NoteSecurityEvent }) {
  return async (by: Viewer, input: { accountId: string; tier: Tier }): Promise<Outcome<Account>> => {
    const account = await accounts.update(input.accountId, { tier: input.tier });
    if (!account) return refused(unknown);
    note({ type: 'TIER_SET', accountId: account.id, by: by.account.id, tier: account.tier });
    return done(account);
  };
}

const unknown = { field: 'userId', code: 'NOT_FOUND', message: 'There is no such account.' } as const;
