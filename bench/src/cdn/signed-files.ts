import { encodeId, importedUuid } from '@medley/ids';
import { audioFormats, createUrlSigner, parseSigningKeys } from '@medley/signed-url';
import { type AudioLibrary, qualities } from './audio-library.ts';

/** The files of a library, as an edge has them. */
export interface SignedFiles {
  /** As in URL_SIGNING_KEYS. */
  readonly signingKeys: string;
  /** The path of a file, without its token. @param quality its place in `qualities` */
  pathOf(track: number, quality: number): string;
  /** The same with a token that is good for two hours less a minute. */
  signedPathOf(track: number, quality: number): string;
  /** @throws RangeError when the path is of no file that was asked for */
  sizeOf(path: string): number;
}

export function createSignedFiles(library: AudioLibrary): SignedFiles {
  const signingKeys = `bench:${Buffer.alloc(32, 7).toString('base64url')}`;
  const baseUrl = 'http://edge.example';
  const signer = createUrlSigner({ keys: parseSigningKeys(signingKeys), baseUrl });
  const expiresAt = new Date(Date.now() + 7_140_000);
  const signedPaths = new Map<string, string>();
  const sizes = new Map<string, number>();

  function signedPathOf(track: number, place: number): string {
    const name = `${track} ${place}`;
    const known = signedPaths.get(name);
    if (known) return known;
    const quality = (qualities[place] as (typeof qualities)[number]).name;
    const url = signer.sign({
      trackId: encodeId('track', importedUuid('bench', 'track', `${track}`)),
      quality,
      extension: audioFormats[quality].extension,
      userId: 'user_bench',
      expiresAt,
    });
    const path = url.slice(baseUrl.length);
    signedPaths.set(name, path);
    sizes.set(withoutToken(path), library.fileBytes(track, place));
    return path;
  }
  return {
    signingKeys,
    pathOf: (track, quality) => withoutToken(signedPathOf(track, quality)),
    signedPathOf,
    sizeOf(path) {
      const size = sizes.get(path);
      if (size === undefined) throw new RangeError(`expected the path of a signed file, got ${path}`);
      return size;
    },
  };
}

const withoutToken = (path: string) => path.slice(0, path.indexOf('?'));
