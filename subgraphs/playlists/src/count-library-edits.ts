import type { Metrics } from '@medley/service';
import type { LibraryRepository } from './domain/library-repository.ts';

/** Libraries whose edits are counted, by what came of them. */
export function countLibraryEdits(library: LibraryRepository, metrics: Metrics): LibraryRepository {
  const edits = metrics.counter(
    'medley_playlists_library_edits_total',
    'Edits of libraries: save or unsave, follow or unfollow; of which kind; done, full, gone or failed.',
    ['edit', 'kind', 'outcome'],
  );
  async function count<Answer>(
    edit: string,
    kind: string,
    answer: Promise<Answer>,
    outcomeOf: (answer: Answer) => string = () => 'done',
  ): Promise<Answer> {
    try {
      const outcome = outcomeOf(await answer);
      edits.inc({ edit, kind, outcome });
    } catch {
      edits.inc({ edit, kind, outcome: 'failed' });
    }
    return answer;
  }
  return {
    ...library,
    save: (userId, kind, ids, now) =>
      count('save', kind, library.save(userId, kind, ids, now), ({ full }) =>
        full.length > 0 ? 'full' : 'done',
      ),
    unsave: (userId, kind, ids, now) => count('unsave', kind, library.unsave(userId, kind, ids, now)),
    follow: (userId, playlistId, now) =>
      count('follow', 'PLAYLIST', library.follow(userId, playlistId, now), (answer) =>
        answer === 'FOLLOWED' ? 'done' : answer.toLowerCase(),
      ),
    unfollow: (userId, playlistId, now) =>
      count('unfollow', 'PLAYLIST', library.unfollow(userId, playlistId, now)),
  };
}
