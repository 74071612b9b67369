/** A URL of the edge within an answer. */
export interface Media {
  readonly kind: 'audio' | 'image';
  readonly url: string;
  /** The nearest name around it, else where it stands, such as `high.url`. */
  readonly label: string;
  /** Of the grant that the URL stands in; undefined where the answer has none. */
  readonly playbackToken: string | undefined;
}

const mostAudio = 5;
const mostImages = 24;

/**
 * What can be heard or seen of an answer: the URLs of the edge in it, each once, five to hear and 24 to see at most.
 * @param data of the answer
 * @param edgeOrigin such as `http://localhost:4100`
 */
export function findMedia(data: unknown, edgeOrigin: string): readonly Media[] {
  const found = new Map<string, Media>();
  walk(data, [], undefined, undefined);
  const ofKind = (kind: Media['kind']) => [...found.values()].filter((media) => media.kind === kind);
  return [...ofKind('audio').slice(0, mostAudio), ...ofKind('image').slice(0, mostImages)];

  function walk(
    value: unknown,
    path: readonly string[],
    name: string | undefined,
    playbackToken: string | undefined,
  ): void {
    if (typeof value === 'string') {
      const kind = value.startsWith(`${edgeOrigin}/`) ? kindOf(value.slice(edgeOrigin.length)) : undefined;
      if (kind && !found.has(value)) {
        found.set(value, { kind, url: value, label: name ?? path.join('.'), playbackToken });
      }
    } else if (typeof value === 'object' && value !== null) {
      const nearest = nameOf(value) ?? name;
      for (const [key, child] of Object.entries(value)) walk(child, [...path, key], nearest, tokenOf(value));
    }
  }
}

function kindOf(path: string): Media['kind'] | undefined {
  if (path.startsWith('/audio/')) return 'audio';
  return path.startsWith('/images/') ? 'image' : undefined;
}

function nameOf(value: object): string | undefined {
  const { title, name, grantedQuality } = value as Record<string, unknown>;
  return [title, name, grantedQuality].find((candidate) => typeof candidate === 'string') as
    | string
    | undefined;
}

function tokenOf(value: object): string | undefined {
  const { playbackToken } = value as Record<string, unknown>;
  return typeof playbackToken === 'string' ? playbackToken : undefined;
}
