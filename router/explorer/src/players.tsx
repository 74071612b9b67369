import { measurePlayback } from '@medley/player-metrics';
import { useEffect, useRef, useState } from 'react';
import type { Media } from './find-media.ts';
import type { Measurements } from './measurements.ts';

export interface PlayersProps {
  /** What can be heard. */
  readonly media: readonly Media[];
  /** By which it was asked for. */
  readonly headers: Readonly<Record<string, string>>;
  readonly measurements: Measurements;
}

/** A player for each grant. How playing felt is reported, of grants that have a token to vouch for it. */
export function Players({ media, headers, measurements }: PlayersProps) {
  if (media.length === 0) return null;
  return (
    <ul className="audio" aria-label="To hear">
      {media.map((item) => (
        <li key={item.url}>
          <span className="label" title={item.label}>
            {item.label}
          </span>
          <Player {...item} {...{ headers, measurements }} />
        </li>
      ))}
    </ul>
  );
}

interface PlayerProps extends Omit<Media, 'kind'> {
  readonly headers: Readonly<Record<string, string>>;
  readonly measurements: Measurements;
}

function Player({ url, label, playbackToken, headers, measurements }: PlayerProps) {
  const audio = useRef<HTMLAudioElement>(null);
  // An edge that does not know this page lets it play, but not look at what it answers: then without looking.
  const [mayLook, setMayLook] = useState(true);
  const untilReported = useRef<() => Promise<void>>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: with mayLook the element is another.
  useEffect(() => {
    if (!audio.current || !playbackToken) return;
    const { add } = measurements.queueOf(headers);
    let told = () => {};
    const reported = new Promise<void>((resolve) => {
      told = resolve;
    });
    const measured = measurePlayback(audio.current, {
      playbackToken,
      report(measurement) {
        add(measurement);
        told();
      },
    });
    untilReported.current = async () => {
      if (measured.measurement()) await reported;
    };
    return () => measured.stop();
  }, [playbackToken, headers, measurements, mayLook]);

  // Why it failed is still being found out; another element would be the end of that.
  async function lookNoMore(): Promise<void> {
    await untilReported.current?.();
    setMayLook(false);
  }

  return (
    // biome-ignore lint/a11y/useMediaCaption: music has none.
    <audio
      key={String(mayLook)}
      ref={audio}
      controls
      preload="metadata"
      src={url}
      aria-label={label}
      crossOrigin={mayLook ? 'anonymous' : undefined}
      onError={lookNoMore}
    />
  );
}
