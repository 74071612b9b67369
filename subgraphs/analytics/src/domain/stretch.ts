/**
 * When the stretch begins that a moment is in. In UTC, which has no summer time: all stretches of a length are equally long.
 * @param moment milliseconds since 1970, as is what is returned
 * @param origin where one of them begins; 1970 unless told otherwise
 */
export const stretchStart = (lengthMs: number, moment: number, origin = 0): number =>
  origin + Math.floor((moment - origin) / lengthMs) * lengthMs;
