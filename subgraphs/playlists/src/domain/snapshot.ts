/** How many operations of each replica are merged: `{ eu: 12, us: 3 }`. A version vector. */
export type Revisions = Readonly<Record<string, number>>;
