import type { Identity } from '@medley/identity';

/** Anybody in the same market who filters explicit tracks alike: what he may see, all such viewers may. */
export const toAnonymous = ({ market, marketSource, explicit }: Identity): Identity => ({
  actor: { kind: 'anonymous' },
  market,
  marketSource,
  explicit,
  clientAddress: null,
});

/** Equal for those on whose behalf subgraphs are told the same. */
export const identityKey = ({ actor, market, marketSource, explicit, clientAddress }: Identity): string =>
  JSON.stringify([actor, market, marketSource, explicit, clientAddress]);
