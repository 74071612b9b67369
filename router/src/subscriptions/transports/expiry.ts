// Longer than this a timer cannot be.
const maxTimerMs = 2_000_000_000;

/**
 * Calls back once a credential is refused.
 * @param expiresAt in milliseconds since 1970; undefined: never
 * @param clock milliseconds since 1970
 * @returns calls it off
 */
export function atExpiry(
  expiresAt: number | undefined,
  clock: () => number,
  onExpired: () => void,
): () => void {
  if (expiresAt === undefined) return () => {};
  let timer: NodeJS.Timeout;
  const wait = () => {
    const leftMs = expiresAt - clock();
    timer = setTimeout(leftMs > 0 ? wait : onExpired, Math.min(Math.max(leftMs, 0), maxTimerMs));
    timer.unref();
  };
  wait();
  return () => clearTimeout(timer);
}
