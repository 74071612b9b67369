/** Rejects with `tooLate()` when it takes longer than `ms`; what it waited for goes on, and its failure is nobody's. */
export async function within<Result>(
  ms: number,
  work: Promise<Result>,
  tooLate: () => Error,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  work.catch(() => {});
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(tooLate()), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether it ends, well or not, within `ms`. */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const ended = work.then(
    () => true,
    () => true,
  );
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const result = await Promise.race([ended, late]);
  clearTimeout(timer);
  return result;
}
