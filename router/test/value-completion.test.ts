import { GraphQLError } from 'graphql';
import { expect, it } from 'vitest';
import { completeValues } from '../src/value-completion.ts';

const missing = (path: (string | number)[]) =>
  new GraphQLError('Cannot return null for non-nullable field Track.title.', { path });

it('makes one error for one deleted track in a page of a hundred', () => {
  const nodes: unknown[] = Array.from({ length: 100 }, (_, index) => ({ title: `Track ${index}` }));
  nodes[42] = null;
  const { errors, extensions } = completeValues({
    data: { album: { nodes } },
    extensions: {
      valueCompletion: [
        missing(['album', 'nodes', 42, 'title']),
        missing(['album', 'nodes', 42, 'artists', 0, 'name']),
      ],
    },
  });
  expect(extensions).toBeUndefined();
  expect(errors).toHaveLength(1);
  expect(errors?.[0]).toMatchObject({ path: ['album', 'nodes', 42], extensions: { code: 'NOT_FOUND' } });
});

it('takes every other broken promise for a bug', () => {
  const broken = new GraphQLError('Enum "Tier" cannot represent value: "GOLD"', { path: ['me', 'tier'] });
  const { errors } = completeValues({ data: { me: null }, extensions: { valueCompletion: [broken] } });
  expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'INTERNAL' } }]);
});

it('keeps other extensions and errors', () => {
  const first = new GraphQLError('first');
  const result = completeValues({
    data: { a: null },
    errors: [first],
    extensions: { cost: 3, valueCompletion: [missing(['a', 'b'])] },
  });
  expect(result.errors).toEqual([first, expect.objectContaining({ path: ['a'] })]);
  expect(result.extensions).toEqual({ cost: 3 });
});

it('leaves a whole answer as it is', () => {
  const result = { data: { a: 1 } };
  expect(completeValues(result)).toBe(result);
});
