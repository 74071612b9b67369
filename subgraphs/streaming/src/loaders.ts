import DataLoader from 'dataloader';
import type { AccountFacts, CatalogFacts, FactsRequest } from './domain/facts.ts';
import type { RequestFacts } from './domain/playback.ts';

/** The facts of one request: what its fields ask for together is one call to catalog and one to users. */
export function createLoaders({
  catalogFacts,
  accountFacts,
  request,
}: {
  catalogFacts: CatalogFacts;
  accountFacts: AccountFacts;
  request: FactsRequest;
}): RequestFacts {
  const tracks = new DataLoader((ids: readonly string[]) => catalogFacts.findByIds(ids, request));
  const viewers = new DataLoader((ids: readonly string[]) => accountFacts.findByIds(ids, request));
  return {
    findTrack: (id) => tracks.load(id),
    findViewer: (id) => viewers.load(id),
  };
}
