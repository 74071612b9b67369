import type { SubgraphContext } from '@medley/subgraph';
import type { AccountRepository } from './domain/account.ts';
import type { Viewer } from './domain/viewer.ts';
import type { Loaders } from './loaders.ts';
import type { UseCases } from './use-cases.ts';

/** What resolvers get for one request. */
export interface Context extends SubgraphContext {
  readonly loaders: Loaders;
  readonly useCases: UseCases;
  readonly findPlaybackFacts: AccountRepository['findPlaybackFacts'];
  readonly findChangedAccounts: AccountRepository['findChanged'];
  /**
   * The viewer behind the credential.
   * @throws MedleyError UNAUTHENTICATED when nobody is signed in, or the session has ended
   */
  requireViewer(): Promise<Viewer>;
}
