import { describe, expect, it } from 'vitest';
import { aDocument } from './documents.ts';
import { openSearch } from './search-under-test.ts';

const query = `query ($prefix: String!, $first: Int! = 8) {
  searchSuggestions(prefix: $prefix, first: $first) {
    text
    highlights { start end }
    item { __typename ... on Track { id } ... on Artist { id } ... on Album { id } }
  }
}`;
type Answer = { searchSuggestions: { text: string }[] | null };

describe('suggestions', () => {
  const artist = aDocument('artist', 'Daft Punk', { popularity: 80 });
  const album = aDocument('album', 'Daft Club', { popularity: 40, markets: ['DE'] });
  const track = aDocument('track', 'Daftendirekt', { popularity: 30, explicit: true });
  const documents = [track, album, artist, aDocument('playlist', 'Daft mix')];

  it('are names and titles, what of them was typed, and what they are the name of', async () => {
    const { ask } = await openSearch({ documents });
    const { data } = await ask<Answer>(query, { prefix: ' daft' });
    const highlights = [{ start: 0, end: 4 }];
    expect(data.searchSuggestions).toEqual([
      { text: 'Daft Punk', highlights, item: { __typename: 'Artist', id: artist.id } },
      { text: 'Daft Club', highlights, item: { __typename: 'Album', id: album.id } },
      { text: 'Daftendirekt', highlights, item: { __typename: 'Track', id: track.id } },
    ]);
  });

  it('are only what the viewer may play and wants to hear', async () => {
    const { ask } = await openSearch({ documents });
    const { data } = await ask<Answer>(query, { prefix: 'daft' }, { market: 'BR', explicit: false });
    expect(data.searchSuggestions?.map(({ text }) => text)).toEqual(['Daft Punk']);
  });

  it.each([
    [{ prefix: ' ' }, 'prefix must have 1..100 characters, got 0'],
    [{ prefix: 'x'.repeat(101) }, 'prefix must have 1..100 characters, got 101'],
    [{ prefix: 'a', first: 0 }, 'first must be 1..20, got 0'],
    [{ prefix: 'a', first: 21 }, 'first must be 1..20, got 21'],
  ])('are refused to %j', async (variables, message) => {
    const { ask } = await openSearch({ documents });
    const { data, errors } = await ask<Answer>(query, variables);
    expect(data.searchSuggestions).toBeNull();
    expect(errors?.[0]).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
  });
});
