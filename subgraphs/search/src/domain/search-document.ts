export const documentKinds = ['track', 'artist', 'album', 'playlist'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** What the index keeps of one thing that can be found. */
export interface SearchDocument {
  /** The public id: `track_…`. */
  readonly id: string;
  readonly kind: DocumentKind;
  /** The title, or the name of an artist or a playlist. */
  readonly title: string;
  /** Of a playlist; null for others. */
  readonly description: string | null;
  /** The credits of a track or an album, in their order. */
  readonly artistNames: readonly string[];
  /** The album of a track. */
  readonly albumTitle: string | null;
  /** Public ids: what a track or an album has from its artists, and what an artist plays. */
  readonly genreIds: readonly string[];
  /** The first year of the decade in which it came out: 1990; null when unknown. */
  readonly decade: number | null;
  readonly explicit: boolean;
  /** ISO 3166-1 alpha-2; null where it may be found everywhere, as playlists may. */
  readonly markets: readonly string[] | null;
  /** 0 to 100. */
  readonly popularity: number;
}
