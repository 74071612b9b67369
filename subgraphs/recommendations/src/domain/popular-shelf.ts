import { mayPlay } from './catalog-facts.ts';
import { type Shelf, type ShelfItem, shelfSize } from './shelf.ts';
import type { ShelfWork } from './shelves.ts';

/** More than are shown: some stand on other shelves, and some may not be played. */
const looked = 300;

/** What is played most in the market, as the model counted it; else what is popular. */
export async function popularShelf({ facts, models, model, audience }: ShelfWork): Promise<Shelf[]> {
  const ranked = model ? await models.popular(model, audience.market, looked) : [];
  const tracks = await facts.findTracks(ranked);
  const playable = ranked.filter((id) => {
    const track = tracks.get(id);
    return track !== undefined && mayPlay(track, audience);
  });
  const known = new Set(playable);
  const popular = playable.length < 2 * shelfSize ? await facts.popular({ audience, limit: looked }) : [];
  const toItem =
    (modelled: boolean) =>
    (id: string): ShelfItem => ({
      thing: { kind: 'TRACK', id },
      ...{ reason: 'POPULAR', because: null, source: 'POPULAR', modelled },
    });
  const rest = popular.map(({ id }) => id).filter((id) => !known.has(id));
  return [
    { kind: 'POPULAR', because: null, items: [...playable.map(toItem(true)), ...rest.map(toItem(false))] },
  ];
}
