import type { QueryResolvers } from '../generated/graphql.ts';
import { readMixToCopy } from './mix.ts';
import { readRadio } from './radio.ts';
import { readStatus } from './status.ts';

export const Query: QueryResolvers = {
  radio: (_, given, context) => readRadio(given, context),
  recommendationsStatus: (_, _given, context) => readStatus(context),
  mixToCopy: (_, given, context) => readMixToCopy(given, context),
};
