import type { SubgraphContext } from '@medley/subgraph';
import type { DecisionStore } from './domain/decision-record.ts';
import type { PlayReports } from './domain/play-reports.ts';
import type { Playback } from './domain/playback.ts';

/** What resolvers get for one request. */
export interface Context extends SubgraphContext {
  /** What the listener behind this request may hear. */
  readonly playback: Playback;
  readonly reports: PlayReports;
  readonly decisions: Pick<DecisionStore, 'find'>;
}
