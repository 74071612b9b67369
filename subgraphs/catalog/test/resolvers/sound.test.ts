import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenCatalog, openCatalog, publicId } from '../open-catalog.ts';

const features = {
  tempoBpm: 128.125,
  energy: 0.9,
  valence: 0.8,
  danceability: 0.875,
  acousticness: 0.031,
  instrumentalness: 0.002,
};

describe('how a track sounds', () => {
  let catalog: OpenCatalog;
  beforeAll(async () => {
    catalog = await openCatalog();
    await catalog.rows.tracks(
      ...Array.from({ length: 60 }, (_, number) => ({ name: `${number}`, values: features })),
      { name: 'mute' },
    );
    await catalog.rows.genres('electronic', 'house');
    await catalog.prisma.$executeRaw`
      UPDATE catalog.genres SET parent_id = (SELECT id FROM catalog.genres WHERE slug = 'electronic')
      WHERE slug = 'house'`;
  });
  afterAll(() => catalog?.close());

  const sound =
    'audioFeatures { tempoBpm energy valence danceability acousticness instrumentalness } moods { slug }';

  it('is told as it was measured, with its moods, the most typical first', async () => {
    const { data, errors } = await catalog.ask(`query ($id: ID!) { track(id: $id) { ${sound} } }`, {
      id: publicId('track', '1'),
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      track: { audioFeatures: features, moods: [{ slug: 'party' }, { slug: 'workout' }, { slug: 'happy' }] },
    });
  });

  it('is null, and no mood, where nothing was measured', async () => {
    const { data } = await catalog.ask(`query ($id: ID!) { track(id: $id) { ${sound} } }`, {
      id: publicId('track', 'mute'),
    });
    expect(data).toEqual({ track: { audioFeatures: null, moods: [] } });
  });

  it('costs one statement for a page of tracks, and none where nobody asks', async () => {
    const ids = Array.from({ length: 60 }, (_, number) => publicId('track', `${number}`));
    const count = async (fields: string) => {
      const before = catalog.database.statements.count();
      const { errors } = await catalog.ask(`query ($ids: [ID!]!) { tracks(ids: $ids) { title ${fields} } }`, {
        ids,
      });
      expect(errors).toBeUndefined();
      return catalog.database.statements.count() - before;
    };
    expect([await count(''), await count(sound)]).toEqual([1, 2]);
  });

  it('comes in moods that are all told, by name', async () => {
    const { data } = await catalog.ask('{ moods { slug name description } }');
    const { moods } = data as unknown as { moods: { slug: string; name: string; description: string }[] };
    expect(moods).toHaveLength(12);
    expect(moods[0]).toEqual({
      slug: 'angry',
      name: 'Angry',
      description: 'Harsh and intense, with little joy in it.',
    });
    expect(moods.map(({ name }) => name)).toEqual(moods.map(({ name }) => name).sort());
  });

  it('has genres that belong to wider ones', async () => {
    const { data } = await catalog.ask('{ house: genre(slug: "house") { parent { slug parent { slug } } } }');
    expect(data).toEqual({ house: { parent: { slug: 'electronic', parent: null } } });
  });
});
