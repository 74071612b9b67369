import { readFileSync } from 'node:fs';

// The unit in which Linux tells CPU time, on every machine that we know of.
const tickMs = 10;

/** The CPU time that a process and all that it started have used, in milliseconds. It reads /proc, so Linux only. */
export function cpuMsOf(pid: number): number {
  return ownCpuMs(pid) + childrenOf(pid).reduce((sum, child) => sum + cpuMsOf(child), 0);
}

/** The processes that a process has started, and that live. */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** User and system time: the 14th and 15th field, counted behind the name in brackets. */
function ownCpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}
