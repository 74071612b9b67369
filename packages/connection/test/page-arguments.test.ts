import { parseSigningKeys } from '@medley/signing-keys';
import { describe, expect, it } from 'vitest';
import { createCursors, readPageArguments } from '../src/index.ts';

const key = (kid: string, byte: number) => `${kid}:${Buffer.alloc(32, byte).toString('base64url')}`;
const cursors = createCursors(parseSigningKeys(key('k1', 7)));
const scope = { field: 'Artist.albums', arguments: { parent: 'artist_1', types: ['EP'] } };
const binding = { ...scope, cursors };
const cursor = cursors.encode(scope, ['1977-05-20', 'id']);

describe('the arguments of a page', () => {
  it.each([
    [{}, 'first or last is required: 1..100, got neither'],
    [{ first: 1, last: 2 }, 'either first or last must be given, got first 1 and last 2'],
    [{ first: 0 }, 'first must be 1..100, got 0'],
    [{ first: 101 }, 'first must be 1..100, got 101'],
    [{ last: -1 }, 'last must be 1..100, got -1'],
  ])('%j are refused', (given, message) => {
    expect(() => readPageArguments(given, binding)).toThrow(message);
  });

  it('give the keys in their cursors', () => {
    expect(readPageArguments({ last: 100, before: cursor }, binding)).toEqual({
      limit: 100,
      direction: 'backward',
      after: null,
      before: ['1977-05-20', 'id'],
    });
  });

  it.each([
    ['of another field', { ...binding, field: 'Genre.tracks' }],
    ['of another parent', { ...binding, arguments: { parent: 'artist_2', types: ['EP'] } }],
    ['of other arguments', { ...binding, arguments: { parent: 'artist_1', types: ['ALBUM'] } }],
    ['of no arguments', { field: binding.field, cursors }],
    ['signed by an unknown key', { ...binding, cursors: createCursors(parseSigningKeys(key('k2', 7))) }],
    ['signed by another secret', { ...binding, cursors: createCursors(parseSigningKeys(key('k1', 8))) }],
  ])('refuse a cursor %s', (_, other) => {
    expect(() => readPageArguments({ first: 1, after: cursor }, other)).toThrow(
      /^after must be a cursor that/,
    );
  });

  it('refuse every cursor with a changed character', () => {
    for (let index = 0; index < cursor.length; index++) {
      const forged = `${cursor.slice(0, index)}${cursor[index] === 'A' ? 'B' : 'A'}${cursor.slice(index + 1)}`;
      expect(() => readPageArguments({ first: 1, after: forged }, binding)).toThrow('after must be a cursor');
    }
  });

  it.each(['', 'x', '!', cursor.slice(0, -1), `${cursor}=`, 'A'.repeat(5_000)])(
    'refuse %j as a cursor',
    (text) => {
      expect(() => readPageArguments({ first: 1, after: text }, binding)).toThrow('after must be a cursor');
    },
  );

  it('do not depend on the order of the bound arguments, nor on absent ones', () => {
    const reordered = { ...binding, arguments: { types: ['EP'], none: null, parent: 'artist_1' } };
    expect(readPageArguments({ first: 1, after: cursor }, reordered).after).toEqual(['1977-05-20', 'id']);
  });

  it('read cursors of the previous key after a rotation', () => {
    const rotated = createCursors(parseSigningKeys(`${key('k2', 9)},${key('k1', 7)}`));
    expect(
      readPageArguments({ first: 1, after: cursor }, { ...binding, cursors: rotated }).after,
    ).toHaveLength(2);
  });
});
