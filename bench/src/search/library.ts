import { createHash } from 'node:crypto';
import { countryCodes } from '@medley/countries';
import { encodeId, type IdKind } from '@medley/ids';
import type { DocumentKind, SearchDocument } from '@medley/search/domain/search-document';
import { createRandom, type Random } from '../random.ts';
import { createWords } from './words.ts';

/** How the documents of a music catalog are spread over the kinds: 63,471 tracks with their artists and albums. */
const shares = { artist: 32_792, album: 56_137, track: 63_471 } as const;
export const catalogSize = shares.artist + shares.album + shares.track;

/**
 * Invented documents, always the same for the same number of them, in pages. Words are as frequent as in a language: few
 * stand everywhere, most in one or two names.
 */
export function* generateLibrary(count: number, pageSize: number): Generator<SearchDocument[]> {
  const random = createRandom(7);
  const words = createWords(Math.round(count * 0.4));
  const amount = (kind: keyof typeof shares) => Math.round((count * shares[kind]) / catalogSize);
  const markets = Array.from({ length: 40 }, () => someMarkets(random));
  const genres = Array.from({ length: 60 }, (_, number) => idOf('genre', number));
  const artists: string[] = [];
  const albums: string[] = [];

  let page: SearchDocument[] = [];
  const document = (kind: DocumentKind, number: number, title: string, rest: Partial<SearchDocument>) => ({
    id: idOf(kind, number),
    kind,
    title,
    description: null,
    artistNames: [],
    albumTitle: null,
    genreIds: [random.pick(genres), random.pick(genres)],
    decade: null,
    explicit: false,
    markets: null,
    popularity: Math.floor(100 * random.next() ** 4),
    ...rest,
  });
  const released = () => ({
    decade: 1950 + 10 * random.below(8),
    explicit: random.below(8) === 0,
    markets: random.pick(markets),
  });

  for (const kind of ['artist', 'album', 'track'] as const) {
    for (let number = 0; number < amount(kind); number++) {
      if (kind === 'artist') {
        const name = words.phrase(random, 1 + random.below(3), 200);
        artists.push(name);
        page.push(document(kind, number, name, {}));
      } else if (kind === 'album') {
        const title = words.phrase(random, 1 + random.below(4), 0);
        albums.push(title);
        page.push(document(kind, number, title, { artistNames: [random.pick(artists)], ...released() }));
      } else {
        const artistNames = Array.from({ length: 1 + random.below(2) }, () => random.pick(artists));
        const title = words.phrase(random, 1 + random.below(5), 0);
        page.push(
          document(kind, number, title, { artistNames, albumTitle: random.pick(albums), ...released() }),
        );
      }
      if (page.length === pageSize) {
        yield page;
        page = [];
      }
    }
  }
  if (page.length > 0) yield page;
}

function idOf(kind: IdKind, number: number): string {
  const hex = createHash('md5').update(`${kind} ${number}`).digest('hex');
  return encodeId(kind, hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
}

/** Most countries, always with Sweden, whose people ask. */
function someMarkets(random: Random): string[] {
  return countryCodes.filter((code) => code === 'SE' || random.next() < 0.9);
}
