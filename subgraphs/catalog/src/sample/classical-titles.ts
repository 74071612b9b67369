import { list } from './cultures/culture.ts';
import type { Random } from './random.ts';

const forms = list(
  'Nocturne, Prelude, Sonata, Étude, Impromptu, Suite, Fantasia, Ballade, Intermezzo, Variations',
);
const forces = list(
  'String Quartet, Piano Trio, Sonata for Cello and Piano, Wind Quintet, Symphony, Concerto for Oboe',
);
const keys =
  list(`C Major, A Minor, E-flat Major, D Minor, G Major, F-sharp Minor, B-flat Major, E Minor, A-flat Major,
  C-sharp Minor`);
const movements = list(
  'I. Allegro moderato, II. Adagio, II. Andante con moto, III. Scherzo, III. Largo, IV. Presto, IV. Finale',
);

/** What composed music is called, in any country. */
export function classicalTitle(random: Random): string {
  const number = random.integer(1, 12);
  return random.chance(0.5)
    ? `${random.pick(forms)} No. ${number} in ${random.pick(keys)}`
    : `${random.pick(forces)} No. ${number}: ${random.pick(movements)}`;
}
