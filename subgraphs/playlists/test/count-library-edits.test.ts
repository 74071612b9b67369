import { createMetrics } from '@medley/service';
import { expect, it } from 'vitest';
import { countLibraryEdits } from '../src/count-library-edits.ts';
import type { LibraryRepository } from '../src/domain/library-repository.ts';

it('counts edits of libraries by what came of them, and changes no answer', async () => {
  const metrics = createMetrics();
  const answers = ['FOLLOWED', 'FULL', 'GONE'] as const;
  let asked = 0;
  const library = countLibraryEdits(
    {
      save: async (_userId, _kind, ids) => ({ full: ids.slice(1) }),
      unsave: async () => {
        throw new Error('connection lost');
      },
      follow: async () => answers[asked++] as 'FOLLOWED',
      unfollow: async () => {},
    } as Partial<LibraryRepository> as LibraryRepository,
    metrics,
  );
  const now = new Date();
  expect(await library.save('u', 'TRACK', ['one'], now)).toEqual({ full: [] });
  expect(await library.save('u', 'TRACK', ['one', 'two'], now)).toEqual({ full: ['two'] });
  await expect(library.unsave('u', 'ALBUM', ['one'], now)).rejects.toThrow('connection lost');
  for (const answer of answers) expect(await library.follow('u', 'p', now)).toBe(answer);
  await library.unfollow('u', 'p', now);
  const [metric] = await metrics.registry.getMetricsAsJSON();
  expect(metric?.name).toBe('medley_playlists_library_edits_total');
  expect(metric?.values.map(({ labels, value }) => [...Object.values(labels), value])).toEqual([
    ['save', 'TRACK', 'done', 1],
    ['save', 'TRACK', 'full', 1],
    ['unsave', 'ALBUM', 'failed', 1],
    ['follow', 'PLAYLIST', 'done', 1],
    ['follow', 'PLAYLIST', 'full', 1],
    ['follow', 'PLAYLIST', 'gone', 1],
    ['unfollow', 'PLAYLIST', 'done', 1],
  ]);
});
