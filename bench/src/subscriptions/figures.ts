import { readFileSync } from 'node:fs';

/** What a process holds. */
export interface MemoryFigures {
  readonly residentBytes: number;
  readonly peakBytes: number;
  /** What is alive in the heap, and what buffers hold beside it. */
  readonly liveBytes: number;
}

/** Of this process, after a full collection: it must run with `--expose-gc`. Linux only, it reads /proc. */
export function readMemory(): MemoryFigures {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const peakKb = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  return { residentBytes: rss, peakBytes: peakKb * 1_024, liveBytes: heapUsed + external };
}

/** User and system time that this process has used so far. */
export function readCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
