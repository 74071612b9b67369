import type { Random } from '../random.ts';
import { type Culture, list, named } from './culture.ts';

const adjectives =
  list(`Paper, Silver, Quiet, Electric, Hollow, Golden, Northern, Velvet, Distant, Amber, Broken,
  Restless, Slow, Wild, Neon, Copper, Winter, Borrowed, Invisible, Tender, Painted, Lonesome, Bright, Sleeping, Faded,
  Burning, Ordinary, Crooked, Midnight, Secret, Sudden, Gentle, Little, Open, Lucky, Weightless, Honest, Half-Lit,
  Second-Hand, Homemade, Perfect, Blue, Scarlet, Salted, Early, Last`);
const nouns =
  list(`Harbour, Lantern, Orchard, River, Window, Satellite, Garden, Machine, Postcard, Horizon, Mirror,
  Engine, Avenue, Feather, Compass, Thunder, Carousel, Shadow, Meadow, Telephone, Island, Staircase, Ocean, Candle,
  Photograph, Signal, Kingdom, Suitcase, Chapel, Parade, Ribbon, Motel, Comet, Tunnel, Kitchen, Ballroom, Anchor,
  Skyline, Bicycle, Lighthouse, Sparrow, Radio, Alphabet, Ferry, Piano, Greenhouse, Letter, Halo`);
const plurals =
  list(`Lanterns, Harbours, Satellites, Postcards, Feathers, Comets, Sparrows, Ribbons, Windows, Orchards,
  Telephones, Candles, Mirrors, Suitcases, Bicycles, Letters, Stairs, Rivers, Headlights, Embers, Tigers, Strangers`);
const surroundings =
  list(`the Rain, the Dark, the Snow, the Distance, the City, the Attic, the Valley, the Headlights,
  the Static, Slow Motion, the Morning, My Pocket, the Afterglow, Plain Sight, the Undertow`);
const pursuits =
  list(`Waiting for, Dancing with, Running from, Talking to, Looking for, Dreaming of, Driving Past,
  Learning from, Writing to, Falling for, Sleeping Through, Singing to, Walking Towards`);
const pursued =
  list(`the Moon, You, the Rain, a Stranger, Nobody, the Sea, Yesterday, the Light, Ghosts, Summer,
  the Morning Train, My Own Voice, the Thaw, Someone Else, a Better Day, the Tide, Marigolds, the Weekend`);
const times =
  list(`Sunday, Midnight, October, Tuesday, Evening, August, Winter, Morning, Saturday, December, April,
  Yesterday’s, Tomorrow’s, Four O’Clock, Late November`);
const numbers = list('Two, Three, Seven, Nine, Eleven, A Hundred, Ten Thousand, Half a Dozen, No More');
const sayings =
  list(`Stay a Little, I Knew You in the Summer, All My Friends Are Leaving Town, Nothing Breaks Like
  Morning, Keep the Porch Light On, You Were Right About the Weather, We Never Got to Lisbon, Say It Like You Mean It,
  Come Home by Water, Somebody Taught You That, Everything Is Closer Now, It Was Only Weather, Let the Dog Sleep,
  What the River Said, If You See Her First, I Should Have Called, Another Way Around, Hush Now, Easier in the Dark,
  Good Morning to the Moon, How to Leave a Party, I Can Hear the Neighbours, Not Yet, Long Way Down, Softly Softly,
  One for the Road Crew, Half of What I Wanted, You Can’t Rush the Tide, Tell Me When It’s Over, As Far As I Know,
  The Kindest Thing, Back Before the Leaves, Call It a Day, Anyway You Came, Nobody’s Sunday, The Long Hello`).map(
    (saying) => saying.replaceAll(/\s+/g, ' '),
  );

const patterns: readonly (readonly [weight: number, title: (random: Random) => string])[] = [
  [22, (random) => `${random.pick(adjectives)} ${random.pick(nouns)}`],
  [8, (random) => `${random.pick(nouns)} in ${random.pick(surroundings)}`],
  [14, (random) => `${random.pick(pursuits)} ${random.pick(pursued)}`],
  [9, (random) => `${random.pick(times)} ${random.pick(nouns)}`],
  [6, (random) => `${random.pick(numbers)} ${random.pick(plurals)}`],
  [5, (random) => `${random.pick(nouns)} & ${random.pick(nouns)}`],
  [5, (random) => `Where the ${random.pick(nouns)} Ends`],
  [5, (random) => `Follow the ${random.pick(nouns)}`],
  [4, (random) => `${random.pick(adjectives)} ${random.pick(adjectives)} ${random.pick(nouns)}`],
  [4, (random) => `The ${random.pick(nouns)} Song`],
  [5, (random) => random.pick(nouns)],
  [3, (random) => `(I Left My) ${random.pick(nouns)}`],
  [12, (random) => random.pick(sayings)],
];

export const english: Culture = {
  name: 'English',
  weight: 110,
  homes: [
    ['US', 'Portland', 'Nashville', 'Chicago', 'Detroit', 'Austin', 'Philadelphia', 'Minneapolis', 'Oakland'],
    ['GB', 'Manchester', 'Bristol', 'Glasgow', 'Leeds', 'London', 'Cardiff'],
    ['CA', 'Toronto', 'Halifax', 'Vancouver'],
    ['AU', 'Melbourne', 'Fremantle'],
    ['IE', 'Galway', 'Cork'],
    ['NG', 'Lagos', 'Ibadan'],
    ['JM', 'Kingston'],
    ['NZ', 'Dunedin'],
  ],
  genres: ['country', 'blues', 'soul', 'hip-hop', 'indie-rock', 'r-and-b', 'afrobeat', 'reggae', 'folk'],
  labels: list(`Tin Orchard Records, Halfmoon Street, Slow Ferry, Bellwether Sound, Long Acre Recordings,
    Copperplate, Ninth Floor Music, Saltmarsh, Good Neighbour Records, Paper Kite`),
  person: named(
    `Ada, Odessa, Theo, Marlow, Wren, Juno, Silas, Ivy, Rufus, Edie, Hollis, Nell, Otis, Briar, Lyle, Tamsin, Ezra,
     Maeve, Orla, Amara, Tobias, Delphine, Cassius, Imani, Rosalind, Jonah, Beatrix, Kwame, Adaeze, Winston`,
    `Fairweather, Holloway, Quill, Ashdown, Larkspur, Thistlewood, Winterbourne, Penhallow, Marchbanks, Oakhurst,
     Tidewell, Harrowgate, Kestrel, Wexley, Okonjo-Bell, Adeyinka, Greenlaw, Pettigrew, Mossgrove, Abernethy, Lockhart-Rey,
     Ravensworth, Castellane, Bramwell, Fennimore`,
  ),
  band: (random) =>
    random.pick([
      () => `The ${random.pick(adjectives)} ${random.pick(plurals)}`,
      () =>
        `${random.pick(nouns)} ${random.pick(list('Club, Society, Theory, Department, Weather, Choir, Practice'))}`,
      () => `${random.pick(list('Ada, Otis, June, Silas, Mabel, Hank'))} & the ${random.pick(plurals)}`,
      () =>
        `${random.pick(plurals)} of ${random.pick(list('Ohio, Marble Street, the North, Winter, Carolina'))}`,
      () =>
        random.pick(
          list(
            'KESTRL, Oh Meridian, Tall Houses, Night Ferries, HALFDAY, Mothlight Union, Velour 9, Fieldnotes',
          ),
        ),
    ])(),
  title: (random) => random.pickWeighted(patterns, ([weight]) => weight)[1](random),
};
