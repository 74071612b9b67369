import DataLoader from 'dataloader';
import {
  type LibraryList,
  type LibraryPage,
  type LibrarySlice,
  type SavedKind,
  savedKinds,
} from './domain/library.ts';
import type { LibraryRepository } from './domain/library-repository.ts';

/** A page of a list of one account. */
export interface LibraryPageKey {
  readonly list: LibraryList;
  readonly page: LibraryPage;
  /** UUID. */
  readonly userId: string;
}

/**
 * The DataLoaders of one request for what accounts keep; keys are UUIDs. They only batch and keep nothing, see loaders.ts.
 * @param viewerId of the account that asks; null when nobody is signed in: then they have nothing to say, and ask nobody
 */
export function createLibraryLoaders({
  library,
  viewerId,
}: {
  library: LibraryRepository;
  viewerId: string | null;
}) {
  const whether = (find: (userId: string, ids: readonly string[]) => Promise<readonly string[]>) =>
    new DataLoader<string, boolean | null>(
      async (ids) => {
        if (viewerId === null) return ids.map(() => null);
        const found = new Set(await find(viewerId, [...new Set(ids)]));
        return ids.map((id) => found.has(id));
      },
      { cache: false },
    );
  const whetherSaved = (kind: SavedKind) => whether((userId, ids) => library.findSaved(userId, kind, ids));
  return {
    /** Whether the viewer keeps it; null when nobody is signed in. */
    isSaved: Object.fromEntries(savedKinds.map((kind) => [kind, whetherSaved(kind)])) as Record<
      SavedKind,
      DataLoader<string, boolean | null>
    >,
    /** Whether the viewer follows the playlist; null when nobody is signed in. */
    isFollowed: whether((userId, ids) => library.findFollowed(userId, ids)),
    libraryPage: new DataLoader<LibraryPageKey, LibrarySlice>((keys) => loadPages(library, keys), {
      cache: false,
    }),
  };
}

/** One statement for each list and page, whatever the number of accounts. */
async function loadPages(
  library: LibraryRepository,
  keys: readonly LibraryPageKey[],
): Promise<LibrarySlice[]> {
  const groups = new Map<string, LibraryPageKey[]>();
  for (const key of keys) {
    const name = JSON.stringify([key.list, key.page]);
    groups.set(name, [...(groups.get(name) ?? []), key]);
  }
  const slices = new Map<LibraryPageKey, LibrarySlice>();
  const load = async (group: readonly LibraryPageKey[]) => {
    const { list, page } = group[0] as LibraryPageKey;
    const found = await library.findPages(
      list,
      page,
      group.map(({ userId }) => userId),
    );
    for (const [index, key] of group.entries()) slices.set(key, found[index] as LibrarySlice);
  };
  await Promise.all([...groups.values()].map(load));
  return keys.map((key) => slices.get(key) as LibrarySlice);
}
