import { type AudioQuality, audioQualities } from './audio-formats.ts';

export interface AudioResource {
  /** Public id: `track_` and 26 lower-case Crockford base32 characters. */
  readonly trackId: string;
  readonly quality: AudioQuality;
  /** Container's file extension without the dot: `ogg`, `flac`; other ones may come. */
  readonly extension: string;
}

// The normal form of the path, and the only one accepted. `..`, `//`, percent-encoding and upper case have no
// place in it, so no two spellings share one signature and nothing has to be rewritten before it is checked.
const normalForm = /^\/audio\/v1\/(track_[0-9a-hjkmnp-tv-z]{26})\/([a-z]+)\.([a-z0-9]{2,5})$/;

const qualityOfSegment = new Map(audioQualities.map((quality) => [quality.toLowerCase(), quality]));

/**
 * The immutable path of one encoding of one track, for example
 * `/audio/v1/track_0123456789abcdefghjkmnpqrs/normal.ogg`.
 * @throws RangeError when the parts do not make a path that `parseAudioPath` accepts.
 */
export function audioPath({ trackId, quality, extension }: AudioResource): string {
  const path = `/audio/v1/${trackId}/${quality.toLowerCase()}.${extension}`;
  if (!parseAudioPath(path)) {
    throw new RangeError(
      `An audio path needs a public track id, a quality and an extension, got ${JSON.stringify({ trackId, quality, extension })}`,
    );
  }
  return path;
}

/** Reads a path without its query; undefined when it is not in the normal form. */
export function parseAudioPath(path: string): AudioResource | undefined {
  const [, trackId, segment, extension] = normalForm.exec(path) ?? [];
  const quality = qualityOfSegment.get(segment ?? '');
  if (!trackId || !quality || !extension) return undefined;
  return { trackId, quality, extension };
}
