import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { badUserInput, forbidden, MedleyError, maskError } from '../src/index.ts';

/** As Apollo Server hands an error over: formatted, with a stack where it is told to, and the original beside it. */
function mask(original: Error, extensions: Record<string, unknown> = {}) {
  const wrapped =
    original instanceof GraphQLError
      ? original
      : new GraphQLError(original.message, { originalError: original });
  const formatted = {
    message: wrapped.message,
    path: ['track', 'title'],
    locations: [{ line: 1, column: 3 }],
    extensions: { code: 'INTERNAL_SERVER_ERROR', ...wrapped.extensions, ...extensions },
  };
  return maskError(formatted, wrapped);
}

describe('an error that was not made for clients', () => {
  it.each([
    ['SQL', new Error('syntax error in SELECT secret FROM users.accounts WHERE id = $1')],
    ['a URL', new Error('connect ECONNREFUSED http://10.0.0.7:4101/graphql')],
    ['a stack', Object.assign(new Error('boom'), { stack: 'Error: boom\n    at /srv/medley/users.ts:12:7' })],
    [
      'a code that looks like ours',
      Object.assign(new Error('secret'), { extensions: { code: 'NOT_FOUND' } }),
    ],
    ['one of ours that says INTERNAL', new MedleyError('INTERNAL', 'secret')],
  ])('shows nothing of %s', (_, original) => {
    const { shown, unexpected } = mask(original, { stacktrace: [original.stack], serviceName: 'users' });
    expect(shown).toEqual({
      message: 'Something went wrong on our side.',
      path: ['track', 'title'],
      locations: [{ line: 1, column: 3 }],
      extensions: { code: 'INTERNAL' },
    });
    expect(unexpected).toBe(true);
  });

  it('is not believed when it carries one of our codes', () => {
    const { shown, unexpected } = mask(new TypeError('secret'), { code: 'NOT_FOUND' });
    expect(shown.message).toBe('Something went wrong on our side.');
    expect(unexpected).toBe(true);
  });
});

describe('an error that was made for clients', () => {
  it('comes through with what belongs to it', () => {
    const { shown, unexpected } = mask(forbidden('Not with this token.', ['users:admin']));
    expect(shown).toMatchObject({
      message: 'Not with this token.',
      path: ['track', 'title'],
      extensions: { code: 'FORBIDDEN', missingScopes: ['users:admin'] },
    });
    expect(unexpected).toBe(false);
  });

  it('comes through without the stack and the service that others put there', () => {
    const { shown } = mask(badUserInput('first: at most 100'), {
      stacktrace: ['at x.ts'],
      serviceName: 'catalog',
    });
    expect(shown.extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });

  it('comes through when graphql-js has wrapped it with a path', () => {
    const original = new MedleyError('NOT_FOUND', 'There is no such track.');
    const wrapped = new GraphQLError(original.message, {
      originalError: original,
      extensions: original.extensions,
    });
    expect(mask(wrapped)).toMatchObject({
      shown: { message: 'There is no such track.', extensions: { code: 'NOT_FOUND' } },
      unexpected: false,
    });
  });
});

describe("a client's own mistake", () => {
  it.each([
    'GRAPHQL_PARSE_FAILED',
    'GRAPHQL_VALIDATION_FAILED',
    'BAD_REQUEST',
    'OPERATION_RESOLUTION_FAILURE',
    'BAD_USER_INPUT',
  ])('%s is told in the words of graphql-js, as BAD_USER_INPUT', (code) => {
    const { shown, unexpected } = mask(new GraphQLError('Cannot query field "x".', { extensions: { code } }));
    expect(shown).toMatchObject({
      message: 'Cannot query field "x".',
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(unexpected).toBe(false);
  });
});
