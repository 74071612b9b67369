/**
 * How long a quick copy of a profile stays after it was last saved, in milliseconds: an hour. Who plays has one, who only looks costs one
 * reading of the durable copy, and a copy that missed a change (Redis was away for the process that made it) is gone soon.
 */
export const fastProfileTtlMs = 3_600_000;
