/** A signal for one wait. */
export interface TimedSignal {
  readonly signal: AbortSignal;
  /** To be called when the wait is over. */
  release(): void;
}

/**
 * Aborted after `ms`, and when the given signal is. `AbortSignal.any` of an `AbortSignal.timeout` would not do: Node 20 collects a timeout that nobody
 * else holds, and it never fires.
 */
export function timedSignal(ms: number, outer?: AbortSignal): TimedSignal {
  const controller = new AbortController();
  const abort = () => controller.abort(outer?.reason);
  const timer = setTimeout(() => controller.abort(new DOMException('it took too long', 'TimeoutError')), ms);
  if (outer?.aborted) abort();
  outer?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', abort);
    },
  };
}
