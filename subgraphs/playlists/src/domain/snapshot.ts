/**
 * How many operations of each replica are merged, `{ eu: 12, us: 3 }`: a version vector. Two replicas with the same one
 * have the same playlist.
 */
export type Revisions = Readonly<Record<string, number>>;

/** The `snapshotId` of a playlist: its revisions as one text. */
export const writeSnapshot = (revisions: Revisions): string =>
  Object.entries(revisions)
    .map(([replica, revision]) => `${replica}-${revision}`)
    .sort()
    .join('.');

/** The revisions in a `snapshotId`; null when it is none. */
export function readSnapshot(text: string): Revisions | null {
  if (text.length > 1_000 || !/^[a-z0-9]{1,16}-[1-9]\d{0,8}(?:\.[a-z0-9]{1,16}-[1-9]\d{0,8})*$/.test(text))
    return null;
  const parts = text.split('.').map((part) => part.split('-') as [string, string]);
  return Object.fromEntries(parts.map(([replica, revision]) => [replica, Number(revision)]));
}

/** Whether all that `part` has merged is in `whole`. */
export const includes = (whole: Revisions, part: Revisions): boolean =>
  Object.entries(part).every(([replica, revision]) => (whole[replica] ?? 0) >= revision);

export const isSame = (a: Revisions, b: Revisions): boolean => includes(a, b) && includes(b, a);

/** The revisions with this one of a replica merged too. */
export const withRevision = (revisions: Revisions, replica: string, revision: number): Revisions =>
  (revisions[replica] ?? 0) >= revision ? revisions : { ...revisions, [replica]: revision };

/** How many operations are merged in `later` and not in `earlier`: those of a replica are numbered without gaps. */
export const countBetween = (earlier: Revisions, later: Revisions): number =>
  Object.entries(later).reduce(
    (count, [replica, revision]) => count + Math.max(0, revision - (earlier[replica] ?? 0)),
    0,
  );
