export const dayMs = 86_400_000;

/** The day in UTC, `2026-05-01`. @param moment milliseconds since 1970 */
export const dayOf = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
