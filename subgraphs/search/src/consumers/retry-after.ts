/** How long to wait after this many failures in a row: twice as long after each, up to a bound. In milliseconds. */
export function retryAfterMs(failures: number, { firstMs, mostMs }: { firstMs: number; mostMs: number }) {
  return Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
}
