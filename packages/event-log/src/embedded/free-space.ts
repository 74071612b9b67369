import { statfs } from 'node:fs/promises';

/** Keeps a part of a disk free: without any room LevelDB cannot even be opened, and then nothing gets out of it. */
export interface FreeSpace {
  /** @throws Error when less than what is to stay free is left */
  refuseWhenLow(): Promise<void>;
}

/** What a busy disk cannot take in a while as short as this one. */
const lookAgainMs = 100;
export const keptFreeBytes = 67_108_864;

export function watchFreeSpace(folder: string, keepFreeBytes: number): FreeSpace {
  let free = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;

  async function look() {
    try {
      const { bavail, bsize } = await statfs(folder);
      free = bavail * bsize;
      lookedAt = performance.now();
    } finally {
      looking = null;
    }
  }

  return {
    async refuseWhenLow() {
      if (performance.now() - lookedAt > lookAgainMs) {
        looking ??= look();
        await looking;
      }
      if (free < keepFreeBytes) {
        throw new Error(
          `${free} bytes are free on the disk of ${folder}, and ${keepFreeBytes} have to stay free`,
        );
      }
    },
  };
}
