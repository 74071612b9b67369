import { parseAudioPath, parseImagePath } from '@medley/signed-url';

/** What of a URL may be written down. */
export interface RequestedPath {
  readonly kind: 'audio' | 'images' | 'other';
  /** The path when it is one that the edge knows, else its first segment only. */
  readonly path: string;
}

/**
 * Reads a request's URL for the log and the metrics. A token may stand anywhere in a URL that was put together wrongly
 * (`normal.ogg;t=v1.…`), and anybody may invent paths: so nothing is kept of one that the edge does not know but where
 * it leads.
 */
export function readRequestedPath(url: string): RequestedPath {
  const [path = ''] = url.split('?', 1);
  if (parseAudioPath(path)) return { kind: 'audio', path };
  if (parseImagePath(path)) return { kind: 'images', path };
  const [, kind] = /^\/(audio|images)\//.exec(path) ?? [];
  if (kind === 'audio' || kind === 'images') return { kind, path: `/${kind}/` };
  return { kind: 'other', path: '/' };
}
