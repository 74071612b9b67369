import type { Cursors } from '@medley/connection';
import type { CoverSize } from '@medley/signed-url';
import type { SubgraphContext } from '@medley/subgraph';
import type { ChangeLog } from './domain/change-log.ts';
import type { EntityFeed } from './domain/entity-feed.ts';
import type { LicenceFeed } from './domain/licence-feed.ts';
import type { TrackDecisions } from './domain/track-decisions.ts';
import type { Loaders } from './loaders.ts';

/** What the resolvers of one request get. */
export interface Context extends SubgraphContext {
  readonly loaders: Loaders;
  readonly changes: ChangeLog;
  readonly entities: EntityFeed;
  readonly licences: LicenceFeed;
  readonly decisions: TrackDecisions;
  readonly cursors: Cursors;
  /** The picture of what has this public id, at the edge. */
  readonly image: (publicId: string, size: CoverSize) => Image;
  readonly now: () => Date;
  /** To be told when somebody here changed the catalog. */
  readonly onWritten: () => void;
}

export interface Image {
  readonly url: string;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}
