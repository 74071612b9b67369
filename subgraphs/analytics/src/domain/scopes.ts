/** Stands for all markets together, where rows are of a market or of everything. */
export const everywhere = '*';
