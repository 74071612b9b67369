import { readFileSync } from 'node:fs';

/** What a process has used so far. */
export interface ProcessFigures {
  readonly cpuMs: number;
  readonly residentBytes: number;
  readonly peakBytes: number;
  /** What is alive in the heap, and what buffers hold beside it. */
  readonly liveBytes: number;
}

/** Of this process, after a full collection: it must run with `--expose-gc`. Linux only, it reads /proc. */
export function readFigures(): ProcessFigures {
  const { user, system } = process.cpuUsage();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const peakKb = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  return {
    cpuMs: (user + system) / 1_000,
    residentBytes: rss,
    peakBytes: peakKb * 1_024,
    liveBytes: heapUsed + external,
  };
}
