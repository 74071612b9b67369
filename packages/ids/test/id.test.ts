import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeId, encodeId, InvalidIdError, idKindOf, importedUuid } from '../src/index.ts';

describe('ids', () => {
  it('give back the UUID they were made of', () => {
    fc.assert(fc.property(fc.uuid(), (uuid) => decodeId(encodeId('track', uuid), 'track') === uuid));
  });

  it('are as long as promised', () => {
    expect(encodeId('album', '00000000-0000-0000-0000-000000000000')).toBe(`album_${'0'.repeat(26)}`);
    expect(encodeId('track', 'ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe(`track_7${'z'.repeat(25)}`);
  });

  it.each([
    ['another kind', `album_${'0'.repeat(26)}`],
    ['a character too few', `track_${'0'.repeat(25)}`],
    ['a character too many', `track_${'0'.repeat(27)}`],
    ['letters that base32 has not', `track_${'u'.repeat(26)}`],
    ['upper case', `track_${'A'.repeat(26)}`],
    ['more than 128 bits', `track_8${'0'.repeat(25)}`],
    ['nothing', ''],
  ])('refuse %s', (_, id) => {
    expect(() => decodeId(id, 'track')).toThrow(InvalidIdError);
  });

  it('say what was expected and what came', () => {
    expect(() => decodeId('nonsense', 'track')).toThrow(
      'expected an id of the form track_ and 26 characters, got "nonsense"',
    );
  });

  it('tell their kind', () => {
    expect(idKindOf(encodeId('user', '00000000-0000-0000-0000-000000000000'))).toBe('user');
    expect(idKindOf(`unicorn_${'0'.repeat(26)}`)).toBeUndefined();
  });
});

describe('importedUuid', () => {
  it('is the same at each import and differs by namespace and kind', () => {
    const uuid = importedUuid('spotify', 'track', '6Axy0fL3FBtwx2rwl4soq9');
    expect(uuid).toBe(importedUuid('spotify', 'track', '6Axy0fL3FBtwx2rwl4soq9'));
    expect(uuid).not.toBe(importedUuid('lastfm', 'track', '6Axy0fL3FBtwx2rwl4soq9'));
    expect(uuid).not.toBe(importedUuid('spotify', 'album', '6Axy0fL3FBtwx2rwl4soq9'));
  });
});
