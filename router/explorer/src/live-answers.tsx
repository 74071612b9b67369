import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';
import type { LiveStream, LiveStreamState } from './live-stream.ts';
import { useOutcomes } from './use-outcomes.ts';

const phases: Readonly<Record<LiveStreamState['phase'], string>> = {
  OPENING: 'opening',
  OPEN: 'live',
  WAITING: 'connection lost, comes back',
  ENDED: 'ended',
};

/** How the stream of this tab is, and what stops it. */
export function LiveFacts({ stream }: { readonly stream: LiveStream }) {
  const { phase, results, latest, latestAt } = stream.state();
  const troubled = phase === 'WAITING' || (latest?.errors?.length ?? 0) > 0;
  return (
    <p className="facts" role="status" aria-live="off">
      {phase !== 'ENDED' && (
        <button type="button" className="stop" onClick={() => stream.stop()}>
          Stop
        </button>
      )}
      <span className={troubled ? 'troubled' : 'fine'}>{phases[phase]}</span>
      <span>{results === 1 ? '1 event' : `${results} events`}</span>
      {results > 0 && <span>{new Date(latestAt).toLocaleTimeString()}</span>}
      <span>{stream.caller}</span>
    </p>
  );
}

/** The streams of other tabs, to go to by a click. */
export function RunningElsewhere() {
  const { changeTab } = useGraphiQLActions();
  const { tabs, activeTabIndex } = useGraphiQL(pick('tabs', 'activeTabIndex'));
  const running = useOutcomes().running();
  const elsewhere = tabs.flatMap(({ id }, index) => {
    const stream = index === activeTabIndex ? undefined : running.get(id);
    return stream ? [{ id, index, stream }] : [];
  });
  if (elsewhere.length === 0) return null;
  return (
    <ul className="elsewhere" aria-label="Live in other tabs">
      {elsewhere.map(({ id, index, stream }) => (
        <li key={id}>
          <button type="button" onClick={() => changeTab(index)}>
            {stream.name} · {stream.state().results}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Shows the last answer of the stream where answers are shown, as far down as its reader had come. */
export function useShownInEditor(stream: LiveStream | undefined): void {
  const responseEditor = useGraphiQL((state) => state.responseEditor);
  const { updateActiveTabValues } = useGraphiQLActions();
  const latest = stream?.state().latest;

  useEffect(() => {
    if (!responseEditor || !latest) return;
    const text = JSON.stringify(latest, null, 2);
    const top = responseEditor.getScrollTop();
    responseEditor.setValue(text);
    responseEditor.setScrollTop(top);
    updateActiveTabValues({ response: text });
  }, [responseEditor, latest, updateActiveTabValues]);
}
