/**
 * After how long a play says half as much, in milliseconds: 30 days. A taste changes over months, and what somebody played all summer
 * is to show in autumn; the last hours show by the plays that a profile keeps one by one.
 */
export const halfLifeMs = 30 * 86_400_000;

/** What is left of a weight after this long. @param ms 0 or more @returns 1 down to 0 */
export const decayAfter = (ms: number): number => 2 ** (-ms / halfLifeMs);
