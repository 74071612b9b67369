/** Milliseconds of no particular beginning; never goes back. */
export type AgeClock = () => number;

/**
 * A clock for ages that must not be underestimated. It goes forward as the monotonic clock does, and by what the wall clock
 * went further: the first stands still while a machine sleeps, the second may be set back.
 */
export function createAgeClock(
  monotonic: () => number = () => performance.now(),
  wall: () => number = Date.now,
): AgeClock {
  let slept = 0;
  let apart = wall() - monotonic();
  return () => {
    const time = monotonic();
    const went = wall() - time - apart;
    if (Math.abs(went) > noiseMs) {
      apart += went;
      slept += Math.max(0, went);
    }
    return time + slept;
  };
}

// The wall clock comes in whole milliseconds and is slewed a little all the time: that is not sleep.
const noiseMs = 20;
