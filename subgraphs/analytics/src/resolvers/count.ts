import { GraphQLScalarType } from 'graphql';

/** A whole number from 0 to 2⁵³−1. It is an output only. */
export const Count = new GraphQLScalarType({
  name: 'Count',
  serialize(value) {
    if (!Number.isSafeInteger(value) || (value as number) < 0)
      throw new RangeError(`Count is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, got ${value}`);
    return value;
  },
});
