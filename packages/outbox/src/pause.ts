/** A pause that can be cut short. */
export function createPause(stopping: AbortSignal) {
  let wake = () => {};
  let isOver = false;
  const end = () => {
    isOver = true;
    wake();
  };
  stopping.addEventListener('abort', end);
  return {
    /** Ends the pause under way; without one, the next is none. */
    end,
    /** At most as long as this. */
    async sleep(ms: number): Promise<void> {
      if (!isOver && !stopping.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      isOver = false;
    },
  };
}
