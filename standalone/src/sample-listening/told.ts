import type { EventOf, playbackDecided, playbackMeasured, trackPlayed } from '@medley/events';

export type Decided = EventOf<typeof playbackDecided>;
export type Measured = EventOf<typeof playbackMeasured>;
export type Played = EventOf<typeof trackPlayed>;

/** What is told of listening. */
export interface Told {
  readonly decisions: Decided[];
  readonly measurements: Measured[];
  readonly plays: Played[];
}
