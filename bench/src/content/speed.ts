import { createTrackContent } from '@medley/recommendations/content/track-content';
import { createVectorIndex } from '@medley/recommendations/content/vector-index';
import { createTrackEmbedding } from '@medley/recommendations/domain/track-embedding';
import { createRandom } from '../random.ts';
import type { SampleLibrary } from './sample-library.ts';

export interface SpeedFigures {
  readonly tracks: number;
  /** CPU time. */
  readonly builtMs: number;
  /** CPU time of a list of 30. */
  readonly listMs: number;
  readonly bytesATrack: number;
  /** Of the 30 that are nearest, the share that is found. */
  readonly found: number;
}

const lists = 500;
const length = 30;

/** @param count of tracks: those of the sample as often as it takes, each time by other artists and a little different */
export function measureSpeed(library: SampleLibrary, count: number): SpeedFigures {
  const random = createRandom(count);
  const { genres } = library;
  const tracks = Array.from({ length: count }, (_, number) => {
    const track = library.tracks[number % library.tracks.length] as SampleLibrary['tracks'][number];
    const copy = Math.floor(number / library.tracks.length);
    if (copy === 0) return track;
    const near = (value: number) => Math.min(1, Math.max(0, value + 0.1 * (random.next() - 0.5)));
    const { features } = track;
    return {
      ...track,
      title: `${track.title} ${copy}`,
      artistIds: track.artistIds.map((id) => `${id} ${copy}`),
      features: features && {
        tempoBpm: features.tempoBpm * (0.95 + 0.1 * random.next()),
        energy: near(features.energy),
        valence: near(features.valence),
        danceability: near(features.danceability),
        acousticness: near(features.acousticness),
        instrumentalness: near(features.instrumentalness),
      },
    };
  });
  const artistIds = [...new Set(tracks.flatMap((track) => track.artistIds))];
  globalThis.gc?.();
  const before = process.memoryUsage().arrayBuffers;
  const startedAt = process.cpuUsage();
  const content = createTrackContent(tracks, artistIds, genres);
  const builtMs = cpuMs(startedAt);
  const bytesATrack = (process.memoryUsage().arrayBuffers - before) / count;
  const asked = Array.from({ length: lists }, () => random.below(count));
  const listsAt = process.cpuUsage();
  for (const track of asked) content.alikeTracks(track, length);
  const listMs = cpuMs(listsAt) / lists;
  return { tracks: count, builtMs, listMs, bytesATrack, found: findShare() };

  /** Beside looking at all of them. */
  function findShare(): number {
    const embedding = createTrackEmbedding(genres);
    const vectors = new Float32Array(count * embedding.length);
    tracks.forEach((track, number) => {
      vectors.set(embedding.embed(track), number * embedding.length);
    });
    const vectorOf = (number: number) =>
      vectors.subarray(number * embedding.length, (number + 1) * embedding.length);
    const index = createVectorIndex(vectors, embedding.length);
    let [found, wanted] = [0, 0];
    for (const track of asked.slice(0, 30)) {
      const scores = Float32Array.from({ length: count }, (_, other) =>
        dot(vectorOf(other), vectorOf(track)),
      );
      const limit = scores.sort()[count - length] ?? 0;
      // By score: of equal ones any will do.
      const near = index.around(vectorOf(track), 2_000).scores.filter((score) => score >= limit - 1e-5);
      found += Math.min(length, near.length);
      wanted += length;
    }
    return found / wanted;
  }
}

const cpuMs = (since: NodeJS.CpuUsage) => process.cpuUsage(since).user / 1_000;

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] as number) * (other[at] as number);
  return sum;
}
