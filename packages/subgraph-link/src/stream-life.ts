/** From the beginning of a subscription to its end, which its reader or the link may bring about at any time. */
export interface StreamLife {
  /** Aborted at the end. */
  readonly signal: AbortSignal;
  /**
   * Safe to call twice: the first call counts.
   * @param failure when it is not the reader who ends it: what he is to be told
   */
  end(failure?: Error): void;
}

/** @param left aborted by the reader; it may live longer than the stream, and keeps nothing of it then */
export function beginLife(left: AbortSignal): StreamLife {
  const ended = new AbortController();
  const end = (failure?: Error) => {
    left.removeEventListener('abort', leave);
    ended.abort(failure);
  };
  const leave = () => end();
  left.addEventListener('abort', leave);
  if (left.aborted) end();
  return { signal: ended.signal, end };
}

/**
 * A generator's own `return` waits for the `next` that is under way. This one ends what that waits for.
 * @param end makes a `next` that waits return
 */
export function endedByReturn<T>(
  generator: AsyncGenerator<T, void, undefined>,
  end: () => void,
): AsyncIterable<T> {
  const iterator: AsyncIterableIterator<T> = {
    next: () => generator.next(),
    return() {
      end();
      return generator.return();
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
