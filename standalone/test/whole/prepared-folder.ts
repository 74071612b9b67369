import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inject } from 'vitest';
import { startQuietly } from './start-quietly.ts';

/**
 * Puts there what a first start leaves behind: the sample and its index, rendered audio, secrets. The first in a run of tests
 * to ask makes it for all, by such a start.
 * @param to is filled, and made where it is not
 */
export async function copyPreparedFolder(to: string): Promise<void> {
  await cp(await findPrepared(), to, { recursive: true });
}

async function findPrepared(): Promise<string> {
  const place = join(inject('runFolder'), 'prepared');
  const making = `${place}.making`;
  while (!existsSync(place)) {
    if (await isMadeByUs(making)) await prepare(making, place);
    else await pause(100);
  }
  return place;
}

async function prepare(folder: string, place: string): Promise<void> {
  try {
    const service = await startQuietly(folder);
    await service.stop();
    await rename(folder, place);
  } catch (error) {
    // Whoever waits tries it himself, and says what is wrong with it.
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** False where another process has made it. */
async function isMadeByUs(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
