import type { AudioQuality } from '@medley/signed-url';
import { manifest } from './manifest.ts';

/** One piece of generated music that stands in for the sound of many tracks. */
export interface Piece {
  /** 1..pieces.length. */
  readonly number: number;
  readonly name: string;
  readonly durationMs: number;
  /**
   * What a player adds, in dB, to bring the piece to -14 LUFS: target minus the integrated loudness of
   * ITU-R BS.1770-4, the measure that EBU R 128 and ReplayGain 2.0 use.
   */
  readonly gainDb: number;
  readonly encodings: Readonly<Record<AudioQuality, { readonly sizeBytes: number }>>;
}

export const pieces: readonly Piece[] = manifest;

/** The piece that a track sounds like: always the same one, all pieces about equally often. */
export function pieceFor(trackId: string): Piece {
  return pieces[hash32(trackId) % pieces.length] as Piece;
}

// FNV-1a, then the finaliser of MurmurHash3, without which the low bits of similar ids stay similar.
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
