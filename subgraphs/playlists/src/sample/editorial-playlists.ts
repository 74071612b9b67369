/** What a sample playlist is about. */
export interface EditorialPlaylist {
  /** Its id is made of it: it stays. */
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** By their slugs; empty: of all genres. */
  readonly genres: readonly string[];
  /** How many tracks, where there are so many. */
  readonly count: number;
  /** Released in these years, both included. */
  readonly years?: readonly [number, number];
  /** The most popular first, in place of no order. */
  readonly ranked?: boolean;
}

const playlist = (
  slug: string,
  name: string,
  count: number,
  genres: string,
  description: string,
  more: Pick<EditorialPlaylist, 'years' | 'ranked'> = {},
): EditorialPlaylist => ({
  slug,
  name,
  count,
  genres: genres.split(' ').filter((genre) => genre !== ''),
  description,
  ...more,
});

/** The playlists of the house, the youngest last. */
export const editorialPlaylists: readonly EditorialPlaylist[] = [
  playlist(
    'long-hundred',
    'The Long Hundred',
    100,
    '',
    'A hundred songs that people keep coming back to. The first is the first for a reason.',
    { ranked: true },
  ),
  playlist(
    'sunday-kitchen',
    'Sunday Kitchen',
    40,
    'soul bossa-nova jazz',
    'For the second coffee, the first pancake and nobody in a hurry.',
  ),
  playlist(
    'rain-on-tin',
    'Rain on a Tin Roof',
    32,
    'ambient classical film-music',
    'Stay in. It sounds better from here.',
  ),
  playlist(
    'last-train-home',
    'Last Train Home',
    30,
    'city-pop synthwave deep-house',
    'Neon on wet streets, slap bass, and ten stations to go.',
  ),
  playlist(
    'brass-section',
    'Brass Section',
    36,
    'afrobeat funk soul',
    'Trumpets in front, trombones behind, hips everywhere.',
  ),
  playlist(
    'loud-and-unreasonable',
    'Loud and Unreasonable',
    45,
    'metal rock',
    'For moods that a walk does not mend.',
  ),
  playlist('three-chords', 'Three Chords', 40, 'indie-rock rock country', 'It never took more than that.'),
  playlist('porch-light', 'Porch Light', 38, 'country folk singer-songwriter', 'Songs that wait up for you.'),
  playlist('crowded-verses', 'Crowded Verses', 50, 'hip-hop', 'Every bar is full. Listen twice.'),
  playlist(
    'slow-dancing-alone',
    'Slow Dancing Alone',
    30,
    'r-and-b soul',
    'Low lights, no audience, no apologies.',
  ),
  playlist(
    'handclaps',
    'Handclaps',
    28,
    'flamenco fado latin-pop',
    'From a courtyard in the south, as told by palms and strings.',
  ),
  playlist(
    'small-hours',
    'Small Hours',
    45,
    'deep-house techno electronic',
    'Between two and five, with the doors open.',
  ),
  playlist(
    'balcony-season',
    'Balcony Season',
    42,
    'latin-pop reggae afrobeat',
    'The neighbours will not mind. They are dancing too.',
  ),
  playlist(
    'first-hearing',
    'On First Hearing',
    60,
    'pop k-pop indie-pop',
    'You know the chorus before it is over. That is the point.',
  ),
  playlist(
    'blue-after-nine',
    'Blue after Nine',
    34,
    'jazz blues',
    'A saxophone, a cracked amplifier and one more round.',
  ),
  playlist(
    'strings-attached',
    'Strings Attached',
    26,
    'film-music classical',
    'Music for pictures that you bring yourself.',
  ),
  playlist(
    'desk-weather',
    'Desk Weather',
    60,
    'ambient electronic classical',
    'Words left out, so that yours come.',
  ),
  playlist(
    'uphill',
    'Sixty Minutes Uphill',
    24,
    'techno electronic synthwave',
    'It gets steeper. So does this.',
  ),
  playlist('old-tunes', 'Old Tunes, Open Tunings', 24, 'folk', 'Handed down, and handed on.'),
  playlist(
    'too-few-chairs',
    'Too Few Chairs',
    22,
    'chanson bossa-nova fado singer-songwriter',
    'Small stories from small cafés. Bring your own coat.',
  ),
  playlist(
    'before-we-were-online',
    'Before We Were Online',
    50,
    '',
    'You had to be there, or know somebody with the record.',
    { years: [1900, 1989] },
  ),
  playlist(
    'turn-of-the-dial',
    'Turn of the Dial',
    50,
    '',
    'The nineties, from one end of the dial to the other.',
    { years: [1990, 1999] },
  ),
  playlist(
    'roadside-diner',
    'Roadside Diner',
    44,
    'blues country rock',
    'Endless refills and a jukebox that has seen things.',
  ),
  playlist(
    'fresh-cuts',
    'Fresh Cuts',
    50,
    '',
    'New and nearly new: what came out lately and will not leave our heads.',
    { years: [2024, 2026] },
  ),
];

/** What two personas put together. */
export const sharedPlaylist: EditorialPlaylist = playlist(
  'swap-shop',
  'Swap Shop',
  30,
  'indie-pop hip-hop jazz reggae',
  'One of yours, one of mine. No skipping.',
);
