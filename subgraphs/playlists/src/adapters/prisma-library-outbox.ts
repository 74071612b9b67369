import { encodeId, type IdKind } from '@medley/ids';
import { appendToOutbox, lockChangesOf } from '@medley/outbox';
import type { Transaction } from './prisma-client.ts';

const table = 'playlists.outbox';

/** What an account keeps, or keeps no longer. */
export interface LibraryChange {
  readonly kind: Extract<IdKind, 'track' | 'album' | 'artist' | 'playlist'>;
  /** UUID. */
  readonly id: string;
  readonly inLibrary: boolean;
  /** When it was saved, followed, or taken out. */
  readonly at: Date;
}

/**
 * Lets nobody else change this library until the transaction ends; to be called first in it.
 * @returns the version that what changes now is told with: higher than every one before
 */
export async function lockLibrary(tx: Transaction, userId: string): Promise<number> {
  // Before the row, or two that wait for it could be told in the other order.
  await lockChangesOf(tx, table, userId);
  const [row] = await tx.$queryRaw<{ version: number }[]>`
    INSERT INTO playlists.libraries (user_id, version) VALUES (${userId}::uuid, 1)
    ON CONFLICT (user_id) DO UPDATE SET version = libraries.version + 1
    RETURNING version`;
  return (row as { version: number }).version;
}

/**
 * Tells others what became of entries of a library, in the transaction that changed them. The key is one account and one
 * thing, and each row says all about the two: the last row of a key is its state.
 */
export async function appendLibraryChanges(
  tx: Transaction,
  { userId, version, changes }: { userId: string; version: number; changes: readonly LibraryChange[] },
): Promise<void> {
  const user = encodeId('user', userId);
  await appendToOutbox(
    tx,
    table,
    changes.map(({ kind, id, inLibrary, at }) => {
      const item = encodeId(kind, id);
      return {
        key: `${user}/${item}`,
        type: 'LibraryChanged',
        version,
        data: { userId: user, itemId: item, inLibrary, at: at.toISOString() },
      };
    }),
  );
}
