import { useGraphiQL } from '@graphiql/react';
import { useEffect, useRef, useState } from 'react';
import type { Exchange } from './fetcher.ts';
import { findMedia, type Media } from './find-media.ts';
import type { Measurements } from './measurements.ts';
import { Players } from './players.tsx';

export interface AnswerStripProps {
  /** The last; undefined before the first. */
  readonly exchange: Exchange | undefined;
  readonly edgeOrigin: string;
  /** Where measurements of what is played go. */
  readonly measurements: Measurements;
}

/** Below the answer: what can be heard or seen of it, whom it was for, and what it cost. */
export function AnswerStrip({ exchange, edgeOrigin, measurements }: AnswerStripProps) {
  const shown = useExchangeOfTab(exchange);
  if (!shown) return null;
  const media = findMedia(shown.body.data, edgeOrigin);
  return (
    <div className="answer">
      <Players
        media={media.filter(({ kind }) => kind === 'audio')}
        headers={shown.headers}
        measurements={measurements}
      />
      <Images media={media.filter(({ kind }) => kind === 'image')} />
      <Facts {...shown} />
    </div>
  );
}

// Each tab keeps its answer, so each keeps its strip; a tab without an answer has none.
function useExchangeOfTab(latest: Exchange | undefined): Exchange | undefined {
  const tab = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]);
  const [byTab, setByTab] = useState<Readonly<Record<string, Exchange>>>({});
  const tabId = useRef<string>(undefined);
  tabId.current = tab?.id;
  useEffect(() => {
    const id = tabId.current;
    if (latest && id) setByTab((known) => ({ ...known, [id]: latest }));
  }, [latest]);
  return tab && tab.response !== null ? byTab[tab.id] : undefined;
}

function Images({ media }: { readonly media: readonly Media[] }) {
  if (media.length === 0) return null;
  return (
    <ul className="images" aria-label="To see">
      {media.map(({ url, label }) => (
        <li key={url}>
          <a href={url} target="_blank" rel="noreferrer" title={label}>
            <img src={url} alt={label} width="56" height="56" loading="lazy" />
          </a>
        </li>
      ))}
    </ul>
  );
}

function Facts({ status, durationMs, sizeBytes, caller, body }: Exchange) {
  const errors = body.errors?.length ?? 0;
  return (
    <p className="facts" role="status">
      <span className={status < 400 && errors === 0 ? 'fine' : 'troubled'}>
        {status}
        {errors > 0 && ` · ${errors === 1 ? '1 error' : `${errors} errors`}`}
      </span>
      <span>{durationMs < 10 ? durationMs.toFixed(1) : Math.round(durationMs)} ms</span>
      <span>{sizeBytes < 1_000 ? `${sizeBytes} B` : `${(sizeBytes / 1_000).toFixed(1)} kB`}</span>
      <span>{caller}</span>
    </p>
  );
}
