import type { Cursors } from '@medley/connection';
import type { SubgraphContext } from '@medley/subgraph';
import type { DecisionStore } from './domain/decision-record.ts';
import type { PlayReports } from './domain/play-reports.ts';
import type { Playback } from './domain/playback.ts';
import type { PlayerControl } from './domain/player-control.ts';
import type { QualityReports } from './domain/quality-reports.ts';
import type { WatchPlayback } from './domain/watch-playback.ts';

/** What resolvers get for one request. */
export interface Context extends SubgraphContext {
  /** What the listener behind this request may hear. */
  readonly playback: Playback;
  /** What the players of its account can do. */
  readonly player: PlayerControl;
  /** Follows what an account plays. */
  readonly watchPlayback: WatchPlayback;
  readonly cursors: Cursors;
  readonly reports: PlayReports;
  readonly qualityReports: QualityReports;
  readonly decisions: Pick<DecisionStore, 'find'>;
}
