import { readFileSync } from 'node:fs';

/** How many files a process of ours may have open. Linux only: it reads /proc. */
export function openFilesLimit(): number {
  const limit = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}

/**
 * What to tell somebody whose limit is too low for this many sockets in the router; undefined when it is not.
 * @param own listeners that have a stream of their own between router and subgraph
 */
export function explainTooFewFiles(limit: number, subscribers: number, own: number): string | undefined {
  const needed = subscribers + 2 * own + spareFiles;
  if (limit >= needed) return undefined;
  return (
    `A process may have ${limit} files open here; ${subscribers} and ${own} listeners need ${needed} in the router. ` +
    `Raise it (ulimit -n ${needed}), or take fewer: -- --subscribers ${Math.max(0, Math.floor((limit - spareFiles) / 1.2))}`
  );
}

// Modules, pipes, connections for entities.
const spareFiles = 400;
