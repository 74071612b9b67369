import { createRandom } from '../random.ts';

/** The qualities that streaming grants, and how many of a hundred plays are in each. */
export const qualities = [
  { name: 'LOW', kbps: 96, share: 6 },
  { name: 'MEDIUM', kbps: 128, share: 6 },
  { name: 'NORMAL', kbps: 160, share: 50 },
  { name: 'HIGH', kbps: 320, share: 30 },
  { name: 'LOSSLESS', kbps: 900, share: 8 },
] as const;

/** Many tracks, each with a file in each quality. Nothing has bytes: only sizes. */
export interface AudioLibrary {
  readonly tracks: number;
  /** Of all files in all qualities, in bytes. */
  readonly totalBytes: number;
  /** @param quality its place in `qualities` */
  fileBytes(track: number, quality: number): number;
}

/** Tracks of three and a half minutes, give or take; the same ones each time. */
export function createAudioLibrary(tracks: number): AudioLibrary {
  const { next } = createRandom(29);
  const seconds = Float32Array.from({ length: tracks }, () => {
    // The logarithm of lengths is about normal; a sum of uniform numbers is near enough to it.
    const bell = next() + next() + next() + next() - 2;
    return Math.min(1_200, Math.max(30, 205 * Math.exp(0.6 * bell)));
  });
  const bytesPerSecond = qualities.map(({ kbps }) => kbps * 125);
  const fileBytes = (track: number, quality: number) =>
    Math.round((seconds[track] as number) * (bytesPerSecond[quality] as number));
  const totalBytes =
    seconds.reduce((sum, length) => sum + length, 0) * bytesPerSecond.reduce((sum, rate) => sum + rate, 0);
  return { tracks, totalBytes, fileBytes };
}
