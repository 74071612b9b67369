import type { Identity } from '@medley/identity';
import type { ShownErrors } from './streamed-result.ts';

/** Anybody in the same market who filters explicit tracks alike: what he may see, all such viewers may. */
export const asAnyone = ({ market, marketSource, explicit }: Identity): Identity => ({
  actor: { kind: 'anonymous' },
  market,
  marketSource,
  explicit,
  clientAddress: null,
});

/** Equal for those on whose behalf subgraphs are told the same. */
export const identityKey = ({ actor, market, marketSource, explicit, clientAddress }: Identity): string =>
  JSON.stringify([actor, market, marketSource, explicit, clientAddress]);

/** Whether it is for who he is, or for who he is not, that somebody is refused. */
export const refusesWhoAsks = (errors: ShownErrors): boolean =>
  errors.some(({ extensions }) =>
    ['NOT_FOUND', 'FORBIDDEN', 'UNAUTHENTICATED'].includes(String(extensions?.code)),
  );
