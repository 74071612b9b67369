import { useGraphiQL } from '@graphiql/react';
import { createContext, use, useEffect, useRef, useSyncExternalStore } from 'react';
import { createOutcomes, type Outcome, type Outcomes } from './outcomes.ts';

export const OutcomesContext = createContext(createOutcomes());

/** What came of the last operation of each tab, as it is now. */
export function useOutcomes(): Outcomes {
  const outcomes = use(OutcomesContext);
  useSyncExternalStore(outcomes.onChange, outcomes.version);
  return outcomes;
}

/** Notes that the latest outcome is of the tab in sight, and forgets those of tabs that were closed. */
export function useNotedOutcomes(latest: Outcome | undefined): void {
  const outcomes = use(OutcomesContext);
  const tabs = useGraphiQL((state) => state.tabs);
  const tabId = useRef<string>(undefined);
  tabId.current = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.id);

  useEffect(() => {
    const id = tabId.current;
    if (latest && id) outcomes.put(id, latest);
  }, [outcomes, latest]);
  useEffect(() => outcomes.keepOnly(tabs.map(({ id }) => id)), [outcomes, tabs]);
}
