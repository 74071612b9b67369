/** A part of something long, by ids, and after what to go on; null when that was all. */
export interface Part<Item> {
  readonly items: readonly Item[];
  readonly after: string | null;
}

/** What to go on after for the first part. Nothing has it: ids are made by hashing or by time. */
export const beforeAll = '00000000-0000-0000-0000-000000000000';
