import { pieceFor } from '@medley/sample-audio';
import type { AudioAssets } from '../domain/playback-ports.ts';

/** The assets of the generated audio that stands in for the sound of every track. */
export function createSampleAudioAssets(): AudioAssets {
  return {
    find(trackId, quality) {
      const { encodings, gainDb } = pieceFor(trackId);
      return { sizeBytes: encodings[quality].sizeBytes, gainDb };
    },
  };
}
