import { moodStrengths, moods } from '@medley/moods';
import type { AudioFeatures, GenreFacts, TrackFacts } from './catalog-facts.ts';
import { createGenreTree } from './genre-tree.ts';

/** What an embedding is made of. */
export type Embedded = Pick<TrackFacts, 'features' | 'genreIds'>;

/**
 * What a track is, as a direction: the cosine of two tells how much alike they are. Three parts stand side by side, each of a length of its
 * own: genres, sound, moods. Where features were not measured the genres are all there is, and the other way round.
 */
export interface TrackEmbedding {
  /** Numbers of one vector: some 100. */
  readonly length: number;
  /** Of length 1, or all 0 where nothing is known of a track. */
  embed(track: Embedded): Float32Array;
  /** The cosine of the genres alone: 1 for the same, 0 for strangers. */
  genreLikeness(one: readonly string[], other: readonly string[]): number;
}

/** How much each part counts; the sum is 1. Set by hand, measured by `bench:content`. */
export const shares = { genres: 0.5, sound: 0.35, moods: 0.15 } as const;

/** Genres have an axis each up to here; of more, each has a direction by chance, nearly at right angles to all others. */
const genreAxes = 64;
/** How much a wider genre counts, for each step towards the root: siblings are a third alike, parent and child more than half. */
const widerShare = 0.7;
/** How much the following genres of a track count beside the first. */
const furtherShare = 0.6;

const soundLength = 14;

/** @param genres all that there are */
export function createTrackEmbedding(genres: readonly Pick<GenreFacts, 'id' | 'parentId'>[]): TrackEmbedding {
  const tree = createGenreTree(genres);
  const axes =
    tree.size <= genreAxes ? new Map([...tree.ids].sort().map((id, axis) => [id, axis])) : new Map();
  const directions = new Map<string, Float32Array>();
  const length = genreAxes + soundLength + moods.length;

  function directionOf(genreId: string): Float32Array {
    const known = directions.get(genreId);
    if (known) return known;
    const axis = axes.get(genreId);
    const direction = axis === undefined ? directionByChance(genreId) : new Float32Array(genreAxes);
    if (axis !== undefined) direction[axis] = 1;
    directions.set(genreId, direction);
    return direction;
  }

  /** Of length 1, or all 0. */
  function genresPart(genreIds: readonly string[]): Float32Array {
    const part = new Float32Array(genreAxes);
    genreIds.forEach((genreId, place) => {
      let weight = place === 0 ? 1 : furtherShare;
      for (const id of tree.path(genreId)) {
        const direction = directionOf(id);
        for (let at = 0; at < genreAxes; at += 1)
          part[at] = (part[at] as number) + weight * (direction[at] as number);
        weight *= widerShare;
      }
    });
    return normalise(part);
  }

  return {
    length,
    embed({ features, genreIds }) {
      const vector = new Float32Array(length);
      place(vector, 0, genresPart(genreIds), Math.sqrt(shares.genres));
      if (features) {
        place(vector, genreAxes, soundPart(features), Math.sqrt(shares.sound));
        const strengths = normalise(Float32Array.from(moodStrengths(features)));
        place(vector, genreAxes + soundLength, strengths, Math.sqrt(shares.moods));
      }
      return normalise(vector);
    },
    genreLikeness: (one, other) => dot(genresPart(one), genresPart(other)),
  };
}

/**
 * Each feature as an angle on a circle of its own, so that the likeness of two tracks is the mean of the cosines of how far their features
 * lie apart: 1 for the same, 0 for half of the range, -1 for its ends. Tempo twice: by itself, and without its octave, since 70 and
 * 140 beats are often the same to who counts.
 */
function soundPart(features: AudioFeatures): Float32Array {
  const octaves = Math.log2(features.tempoBpm);
  const angles = [
    // Two octaves apart is as far as it gets.
    Math.PI * Math.min(1, Math.max(0, (octaves - Math.log2(60)) / 2)),
    2 * Math.PI * octaves,
    ...shared.map((feature) => Math.PI * features[feature]),
  ];
  const part = new Float32Array(soundLength);
  const radius = 1 / Math.sqrt(angles.length);
  angles.forEach((angle, at) => {
    part[2 * at] = radius * Math.cos(angle);
    part[2 * at + 1] = radius * Math.sin(angle);
  });
  return part;
}

const shared = ['energy', 'valence', 'danceability', 'acousticness', 'instrumentalness'] as const;

/** Always the same for one genre, whatever others there are. */
function directionByChance(genreId: string): Float32Array {
  // FNV-1a, then xorshift: chance enough for directions.
  let state = 0x811c9dc5;
  for (let at = 0; at < genreId.length; at += 1)
    state = Math.imul(state ^ genreId.charCodeAt(at), 0x01000193);
  state |= 1;
  return Float32Array.from({ length: genreAxes }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state < 0 ? -1 : 1) / Math.sqrt(genreAxes);
  });
}

/** The scalar product of two vectors of one length: for those of length 1 the cosine between them. */
export function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] as number) * (other[at] as number);
  return sum;
}

/** To length 1, in place; all 0 stays so. */
export function normalise(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  if (length > 0) for (let at = 0; at < vector.length; at += 1) vector[at] = (vector[at] as number) / length;
  return vector;
}

function place(vector: Float32Array, at: number, part: Float32Array, factor: number): void {
  for (let index = 0; index < part.length; index += 1) vector[at + index] = factor * (part[index] as number);
}
