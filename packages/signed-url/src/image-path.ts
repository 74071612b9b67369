/** Edge of the square in pixels. */
export const coverSizes = { SMALL: 64, MEDIUM: 300, LARGE: 640 } as const;

export type CoverSize = keyof typeof coverSizes;

export interface ImageResource {
  /** Public id of what is shown: of an artist, album, track, genre, user or playlist; also the seed of a drawn image. */
  readonly id: string;
  readonly size: CoverSize;
}

// 26 characters of base32 hold 130 bits and an id 128, so the first is 0 to 7.
const normalForm =
  /^\/images\/v1\/((?:artist|album|track|genre|user|playlist)_[0-7][0-9a-hjkmnp-tv-z]{25})\/([a-z]+)\.jpg$/;

const sizeOfSegment = new Map(
  (Object.keys(coverSizes) as CoverSize[]).map((size) => [size.toLowerCase(), size]),
);

/**
 * The immutable public path of a square JPEG, for example
 * `/images/v1/album_0123456789abcdefghjkmnpqrs/medium.jpg`. Images carry no token.
 * @throws RangeError when the parts do not make a path that `parseImagePath` accepts.
 */
export function imagePath({ id, size }: ImageResource): string {
  const path = `/images/v1/${id}/${size.toLowerCase()}.jpg`;
  if (!parseImagePath(path)) {
    throw new RangeError(`An image path needs a public id and a size, got ${JSON.stringify({ id, size })}`);
  }
  return path;
}

/** Reads a path without its query; undefined when it is not in the normal form. */
export function parseImagePath(path: string): ImageResource | undefined {
  const [, id, segment] = normalForm.exec(path) ?? [];
  const size = sizeOfSegment.get(segment ?? '');
  if (!id || !size) return undefined;
  return { id, size };
}
