import { LogUnavailableError } from '../errors.ts';

/**
 * Waits for something as long as it is worth it; what comes of it later is nobody's concern any more.
 * @param hurry when it is aborted there are only `hurryMs` left
 * @throws LogUnavailableError when it takes longer
 */
export async function within<Result>(
  timeoutMs: number,
  work: Promise<Result>,
  hurry?: AbortSignal,
  hurryMs = 0,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  let hasten = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    const wait = (ms: number) => {
      timer = setTimeout(() => reject(new LogUnavailableError(`no answer within ${ms} ms`)), ms);
    };
    hasten = () => {
      clearTimeout(timer);
      wait(hurryMs);
    };
    wait(timeoutMs);
  });
  if (hurry?.aborted) hasten();
  hurry?.addEventListener('abort', hasten);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    hurry?.removeEventListener('abort', hasten);
  }
}
