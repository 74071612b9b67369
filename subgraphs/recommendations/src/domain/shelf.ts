import type { NothingCode } from './list-filter.ts';
import type { Mix } from './mixes.ts';
import type { Because, Grounds, Standing } from './provenance.ts';

/** What a shelf stands for; see `RecommendationShelfKind` of the schema. */
export type ShelfKind =
  | 'BECAUSE_YOU_LISTENED'
  | 'JUMP_BACK_IN'
  | 'NEW_FROM_FOLLOWED'
  | 'MADE_FOR_YOU'
  | 'FITS_TASTE'
  | 'POPULAR';

/** Something on a shelf. Ids are UUIDs. */
export type ShelfItem = Grounds & {
  readonly thing:
    | { readonly kind: 'TRACK' | 'ALBUM' | 'ARTIST' | 'PLAYLIST'; readonly id: string }
    | { readonly kind: 'MIX'; readonly mix: Mix };
};

/** Things that are recommended for one reason, the best first. */
export interface Shelf {
  readonly kind: ShelfKind;
  readonly because: Because | null;
  readonly items: readonly ShelfItem[];
}

/** How many items a shelf holds at most. */
export const shelfSize = 50;

/** What an account may like. */
export interface Recommendations {
  readonly shelves: readonly Shelf[];
  readonly empty: NothingCode | null;
  readonly standing: Standing;
}
