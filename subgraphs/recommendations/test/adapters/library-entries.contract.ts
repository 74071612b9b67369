import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { type LibraryEntry, mostEntries } from '../../src/domain/taste-profile.ts';
import { noon, type TestUserData } from '../user-data.ts';

export const entryOf = (userId: string, entry: Partial<LibraryEntry> = {}): LibraryEntry => ({
  userId,
  itemId: `album_${randomUUID()}`,
  version: 1,
  inLibrary: true,
  at: noon,
  ...entry,
});

export function libraryEntriesContract(opened: () => TestUserData) {
  const library = () => opened().library;

  it('has what an account keeps, the last first', async () => {
    const userId = randomUUID();
    const entries = [0, 1, 2, 3].map((ago) => entryOf(userId, { at: new Date(noon.getTime() - ago) }));
    await library().record([...entries].reverse());
    await library().record([entryOf(randomUUID()), entryOf(userId, { inLibrary: false })]);
    expect(await library().find(userId)).toEqual(entries);
    expect(await library().find(randomUUID())).toEqual([]);
    await library().record([]);
  });

  it('goes by the highest version, in whatever order they come', async () => {
    const userId = randomUUID();
    const itemId = 'track_1';
    const versions = [1, 2, 3, 4].map((version) =>
      entryOf(userId, {
        itemId,
        version,
        inLibrary: version !== 3,
        at: new Date(noon.getTime() - version),
      }),
    ) as [LibraryEntry, LibraryEntry, LibraryEntry, LibraryEntry];
    const [first, second, removed, last] = versions;
    await library().record([second, first]);
    expect(await library().find(userId)).toEqual([second]);
    await library().record([removed]);
    await library().record([second, first]);
    expect(await library().find(userId)).toEqual([]);
    await library().record([first, last, removed]);
    await library().record([last, second]);
    expect(await library().find(userId)).toEqual([last]);
  });

  it('forgets nothing of what was taken out: an older entry that comes late changes nothing', async () => {
    const userId = randomUUID();
    const entry = entryOf(userId, { version: 8, inLibrary: false });
    await library().record([entry]);
    await library().record([{ ...entry, version: 7, inLibrary: true }]);
    expect(await library().find(userId)).toEqual([]);
  });

  it('finds the last 10,000 of more', async () => {
    const userId = randomUUID();
    const entries = Array.from({ length: mostEntries + 5 }, (_, index) =>
      entryOf(userId, { itemId: `track_${index}`, at: new Date(noon.getTime() - index) }),
    );
    await library().record(entries);
    const found = await library().find(userId);
    expect(found.length).toBe(mostEntries);
    expect([found[0], found.at(-1)]).toEqual([entries[0], entries[mostEntries - 1]]);
  });
}
