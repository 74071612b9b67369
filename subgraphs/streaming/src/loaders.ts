import DataLoader from 'dataloader';
import type { CurrentFacts } from './domain/current-facts.ts';
import {
  type FactsRequest,
  FactsUnavailableError,
  type TrackFacts,
  type ViewerFacts,
} from './domain/facts.ts';
import type { Current } from './domain/held-facts.ts';
import type { RequestFacts } from './domain/playback.ts';

/**
 * The facts of one request: what its fields ask for together is one call to catalog and one to users at most. What grew too
 * old for a decision while something else was awaited is asked for anew.
 */
export function createLoaders({
  tracks,
  viewers,
  request,
}: {
  tracks: CurrentFacts<TrackFacts>;
  viewers: CurrentFacts<ViewerFacts>;
  request: FactsRequest;
}): RequestFacts {
  const track = createLoader(tracks, request);
  const viewer = createLoader(viewers, request);
  return {
    async findTrack(id) {
      return (await track.load(id)).fact;
    },
    async findTrackAndViewer(trackId, viewerId) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const found = await Promise.all([track.load(trackId), viewer.load(viewerId)]);
        if (tracks.isRecent(found[0]) && viewers.isRecent(found[1]))
          return { track: found[0].fact, viewer: found[1].fact };
        // Both: or each would wait for the other in turn. What is held costs nothing.
        track.clear(trackId);
        viewer.clear(viewerId);
      }
      throw new FactsUnavailableError(`facts were too old for a decision, ${mostTries} times`);
    },
  };
}

// Read side by side they are recent together, unless this process stands still.
const mostTries = 2;

const createLoader = <Fact>(facts: CurrentFacts<Fact>, request: FactsRequest) =>
  new DataLoader<string, Current<Fact>>((ids) => facts.find(ids, request));
