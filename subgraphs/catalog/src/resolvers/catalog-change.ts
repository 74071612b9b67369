import type { CatalogChangeResolvers } from '../generated/graphql.ts';

export const CatalogChange: CatalogChangeResolvers = {
  id: ({ id }) => String(id),
  data: ({ data }) => JSON.stringify(data),
};
