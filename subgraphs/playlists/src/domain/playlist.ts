import type { Revisions } from './snapshot.ts';

/** PlaylistPrivacy of the schema. */
export type Privacy = 'PUBLIC' | 'UNLISTED' | 'PRIVATE';

/** What somebody is to a playlist. */
export type Role = 'OWNER' | 'COLLABORATOR' | 'STRANGER';

/** A playlist as one viewer finds it: created, and not deleted. */
export interface Playlist {
  /** UUID */
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly description: string | null;
  readonly privacy: Privacy;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly revisions: Revisions;
  readonly itemCount: number;
  readonly followerCount: number;
  /** Of the viewer. */
  readonly role: Role;
}

/** An item that is there. */
export interface PlaylistItem {
  /** UUID */
  readonly id: string;
  readonly trackId: string;
  readonly addedAt: Date;
  /** Null when it came with an import. */
  readonly addedBy: string | null;
  /** See position.ts. */
  readonly position: string;
}

/** To others it is as if it were not there. */
export const maySee = ({ privacy, role }: Pick<Playlist, 'privacy' | 'role'>): boolean =>
  privacy !== 'PRIVATE' || role !== 'STRANGER';

export const mayEditItems = (role: Role): boolean => role !== 'STRANGER';
