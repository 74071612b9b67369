import { type ArchiveStore, ArchiveUnavailableError } from '../../src/domain/archive-store.ts';

/** An archive that is gone with the test. */
export interface MemoryArchive extends ArchiveStore {
  readonly files: Map<string, Uint8Array>;
  /** Its disk is full. */
  full: boolean;
}

export function createMemoryArchive(): MemoryArchive {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    full: false,
    url: 'memory:',
    async write(name, content) {
      if (this.full) throw new ArchiveUnavailableError(`${name} cannot be written`, new Error('ENOSPC'));
      files.set(name, content.slice());
    },
    async *list(folder, { from = '', before = '\uffff' } = {}) {
      for (const name of [...files.keys()].sort())
        if (name.startsWith(folder) && name >= from && name < before)
          yield { name, bytes: files.get(name)?.byteLength ?? 0 };
    },
    async open(name) {
      const content = files.get(name);
      if (!content) return null;
      return {
        byteLength: content.byteLength,
        slice: async (start, end) => content.slice(start, end).buffer as ArrayBuffer,
        async close() {},
      };
    },
    tidy: async () => 0,
    async close() {},
  };
}
