/** Months since 1970-01, in UTC. */
export const monthOf = (time: Date): number => (time.getUTCFullYear() - 1970) * 12 + time.getUTCMonth();

/** When a month begins. */
export const startOfMonth = (month: number): Date => new Date(Date.UTC(1970, month));
