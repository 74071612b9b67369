import { describe, expect, it } from 'vitest';
import { EmbeddedIndex } from '../../../src/adapters/minisearch/embedded-index.ts';
import type { DocumentKind, SearchDocument } from '../../../src/domain/search-document.ts';
import { aDocument } from '../../documents.ts';
import { aQuery, marked, titles } from '../../indexes-under-test.ts';

// What the embedded index does beyond its contract.
function searching(documents: readonly SearchDocument[]): (kind: DocumentKind, text: string) => string[] {
  const index = new EmbeddedIndex();
  index.write({ put: documents, remove: [], positions: {} });
  return (kind, text) => titles(index.search([aQuery(kind, text)])[0]?.hits ?? []);
}

describe('an embedded index', () => {
  it('puts a title first of which the query has all words, though a longer one is more popular', () => {
    const find = searching([
      aDocument('track', 'One More Time', { artistNames: ['Daft Punk'], popularity: 10 }),
      aDocument('track', 'One More Time, Live', { artistNames: ['Daft Punk'], popularity: 90 }),
    ]);
    expect(find('track', 'one more time daft punk')[0]).toBe('One More Time');
    expect(find('track', 'daft punk one more tiem')[0]).toBe('One More Time');
    expect(find('track', 'daft punk')[0]).toBe('One More Time, Live');
  });

  it('knows a title however its words are put together', () => {
    const find = searching([
      aDocument('artist', 'AC/DC', { popularity: 10 }),
      aDocument('artist', 'AC/DC Tribute', { popularity: 90 }),
      aDocument('artist', 'Daft Punk', { popularity: 10 }),
      aDocument('track', "Don't Stop", { popularity: 10 }),
      aDocument('track', "Don't Stop Me Now", { popularity: 90 }),
    ]);
    for (const text of ['acdc', 'ac dc', 'AC/DC', 'ac-dc']) expect(find('artist', text)[0]).toBe('AC/DC');
    expect(find('artist', 'daftpunk')).toEqual(['Daft Punk']);
    expect(find('track', 'dont stop')[0]).toBe("Don't Stop");
    expect(find('track', 'don’t stop')[0]).toBe("Don't Stop");
  });

  it('puts words that follow each other before words that do not', () => {
    const find = searching([
      aDocument('track', 'Night of the long day', { popularity: 90 }),
      aDocument('track', 'A long night indeed', { popularity: 10 }),
    ]);
    expect(find('track', 'long night')).toEqual(['A long night indeed', 'Night of the long day']);
  });

  it('finds names that are nothing but signs', () => {
    const find = searching([aDocument('artist', '!!!'), aDocument('album', '÷'), aDocument('album', '+')]);
    expect(find('artist', '!!!')).toEqual(['!!!']);
    expect(find('album', '÷')).toEqual(['÷']);
  });

  it('leaves out what has less than half of the words', () => {
    const find = searching([
      aDocument('track', 'Hello from here'),
      aDocument('track', 'Hello from the other place'),
    ]);
    expect(find('track', 'hello from the other side of')).toEqual(['Hello from the other place']);
  });

  it('finds nothing by one or two begun letters beside a word', () => {
    const find = searching([aDocument('artist', 'Daft Punk'), aDocument('artist', 'Prince')]);
    expect(find('artist', 'daft p')).toEqual(['Daft Punk']);
    expect(find('artist', 'p')).toEqual(['Prince', 'Daft Punk']);
  });

  it('marks of words that are like the query only those that are most like it', () => {
    const index = new EmbeddedIndex();
    index.write({ put: [aDocument('track', 'Daft Dart Draft')], remove: [], positions: {} });
    const marks = (text: string) => index.search([aQuery('track', text)])[0]?.hits.map(marked);
    expect(marks('dart')).toEqual(['Daft [Dart] Draft']);
    expect(marks('dafx')).toEqual(['[Daft] Dart Draft']);
  });
});
