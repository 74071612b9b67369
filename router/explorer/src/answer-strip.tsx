import { useGraphiQL } from '@graphiql/react';
import type { Exchange } from './fetcher.ts';
import { findMedia, type Media } from './find-media.ts';
import { LiveFacts, RunningElsewhere, useShownInEditor } from './live-answers.tsx';
import type { Measurements } from './measurements.ts';
import { isStream, type Outcome } from './outcomes.ts';
import { Players } from './players.tsx';
import { useNotedOutcomes, useOutcomes } from './use-outcomes.ts';

export interface AnswerStripProps {
  /** The last; undefined before the first. */
  readonly latest: Outcome | undefined;
  readonly edgeOrigin: string;
  /** Where measurements of what is played go. */
  readonly measurements: Measurements;
}

/** Below the answer: what can be heard or seen of it, whom it was for, and what it cost, or how the stream is; then the streams of other tabs. */
export function AnswerStrip({ latest, edgeOrigin, measurements }: AnswerStripProps) {
  useNotedOutcomes(latest);
  const shown = useOutcomeOfTab();
  const stream = isStream(shown) ? shown : undefined;
  useShownInEditor(stream);
  const hasStreams = useOutcomes().running().size > 0;
  if (!shown && !hasStreams) return null;
  const answer = isStream(shown) ? shown.state().latest : shown?.body;
  const media = findMedia(answer?.data, edgeOrigin);
  return (
    <div className="answer">
      {shown && (
        <Players
          media={media.filter(({ kind }) => kind === 'audio')}
          headers={isStream(shown) ? shown.state().headers : shown.headers}
          measurements={measurements}
        />
      )}
      <Images media={media.filter(({ kind }) => kind === 'image')} />
      {isStream(shown) ? <LiveFacts stream={shown} /> : shown && <Facts {...shown} />}
      <RunningElsewhere />
    </div>
  );
}

// Each tab keeps its answer, so each keeps its strip; a tab without an answer has none.
function useOutcomeOfTab(): Outcome | undefined {
  const tab = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]);
  const outcome = useOutcomes().get(tab?.id);
  const streams = isStream(outcome) && outcome.state().phase !== 'ENDED';
  return streams || tab?.response !== null ? outcome : undefined;
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
