import { tick } from './hybrid-clock.ts';
import type { PlaylistRepository } from './playlist-repository.ts';
import { positionsIn } from './position.ts';

/**
 * Gives the items of a playlist new, short positions in their order: a move of all of them, which merges as any move does.
 * What another replica puts between them at the same time may come to stand elsewhere, the same on all.
 */
export function createRespacing({
  playlists,
  replica,
  clock,
  newId,
}: {
  playlists: Pick<PlaylistRepository, 'change'>;
  replica: string;
  clock: () => Date;
  /** A new UUID. */
  newId: () => string;
}) {
  return (playlistId: string): Promise<void> =>
    playlists.change(playlistId, { begins: false }, async (locked) => {
      const itemIds = (await locked?.findItemIds()) ?? [];
      if (!locked || itemIds.length === 0) return { operation: null, result: undefined };
      const id = newId();
      const now = clock();
      const positions = positionsIn({ after: null, before: null }, id, itemIds.length);
      const items = itemIds.map((itemId, index) => ({ id: itemId, position: positions[index] as string }));
      const operation = {
        id,
        playlistId,
        actorId: null,
        replica,
        revision: (locked.state.revisions[replica] ?? 0) + 1,
        clock: tick(locked.state.clock, now.getTime(), replica),
        acceptedAt: now,
        digest: 'respaced',
        change: { type: 'MOVE_ITEMS', items },
        problems: [],
      } as const;
      return { operation, result: undefined };
    });
}
