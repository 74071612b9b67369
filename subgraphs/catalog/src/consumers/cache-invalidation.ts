import type { CatalogChange, ChangeLog } from '../domain/change-log.ts';

export interface InvalidationOptions {
  readonly changes: ChangeLog;
  /** Forgets what these changes made untrue. @returns whether it is done; else it is asked again */
  readonly forget: (changes: readonly CatalogChange[]) => Promise<boolean>;
  /** How long to wait after one look before the next, in milliseconds; 1,000 unless told otherwise. */
  readonly everyMs?: number;
  /** Told after each look that brought the cache up to date. */
  readonly onFollowed?: () => void;
  /** Told once when changes cannot be followed any more. */
  readonly onLost: (error: unknown) => void;
  /** Told when they are followed again. */
  readonly onBack?: () => void;
}

/** What keeps a cache true to the rows. */
export interface CacheInvalidation {
  /** Looks at once, for who heard that something changed. Missing a call costs time only. */
  wake(): void;
  /** Finishes the look that is under way. */
  stop(): Promise<void>;
}

/**
 * Follows the changes of the catalog and has the cache forget what they made untrue. Each process does so for itself: for
 * its own memory, and so that what it was just reading while a row changed is not stored. It begins with what changes from
 * now on; in a shared cache, what changed before is for other processes to forget, or for its time to end.
 */
export async function startCacheInvalidation(options: InvalidationOptions): Promise<CacheInvalidation> {
  const { changes, forget, everyMs = 1_000, onFollowed, onLost, onBack } = options;
  let position: bigint | null = null;
  let lost = false;
  let stopped = false;

  async function follow() {
    position ??= await changes.lastId();
    let page: readonly CatalogChange[];
    do {
      page = await changes.changesSince(position, pageSize);
      if (page.length === 0) break;
      if (!(await forget(page))) throw new Error('the cache did not confirm that it forgot');
      position = (page.at(-1) as CatalogChange).id;
    } while (page.length === pageSize && !stopped);
  }

  async function look() {
    try {
      await follow();
      onFollowed?.();
      if (lost) onBack?.();
      lost = false;
    } catch (error) {
      if (!lost) onLost(error);
      lost = true;
    }
    isLooking = false;
    if (!stopped) timer = setTimeout(lookAgain, wakened ? 0 : everyMs);
    wakened = false;
  }

  let timer: NodeJS.Timeout | undefined;
  let isLooking = true;
  // Heard of while a look was under way, which may have read before.
  let wakened = false;
  let looking = look();
  const lookAgain = () => {
    isLooking = true;
    looking = look();
  };
  await looking;

  return {
    wake() {
      if (stopped) return;
      if (isLooking) {
        wakened = true;
        return;
      }
      clearTimeout(timer);
      lookAgain();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

const pageSize = 500;
