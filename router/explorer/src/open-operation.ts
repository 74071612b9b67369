import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import type { Operation } from './server.ts';
import { useOutcomes } from './use-outcomes.ts';

/** What the editors hold at first: the tab that was open when the page was left, else the first operation. */
export function readInitialEditors(operations: readonly Operation[]) {
  const left = readTabLeftOpen();
  if (left) return { initialQuery: left.query ?? '', initialVariables: left.variables ?? '' };
  // How wide the pane on the left is, in parts of what is beside it.
  localStorage.setItem('graphiql:docExplorerFlex', '0.27');
  const [first] = operations;
  return first && { initialQuery: first.source, initialVariables: variablesOf(first) };
}

// GraphiQL restores the tabs, but the variables of the open one only where they were edited.
function readTabLeftOpen(): { query: string | null; variables: string | null } | undefined {
  try {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{}');
    return tabs?.[activeTabIndex];
  } catch {
    return undefined;
  }
}

/**
 * Opens an operation with its example variables: in the tab that has it already, else in place of an example that was
 * left as it is and does not stream, else in a new tab, so that nothing written by hand is lost and tabs do not pile up.
 * Undefined until the editors are there.
 */
export function useOpenOperation(
  operations: readonly Operation[],
): ((operation: Operation) => void) | undefined {
  const { addTab, changeTab, setOperationName, updateActiveTabValues } = useGraphiQLActions();
  const { tabs, activeTabIndex, queryEditor, variableEditor, responseEditor } = useGraphiQL(
    pick('tabs', 'activeTabIndex', 'queryEditor', 'variableEditor', 'responseEditor'),
  );
  const running = useOutcomes().running();

  if (!queryEditor || !variableEditor || !responseEditor) return undefined;
  return (operation) => {
    const open = tabs.findIndex((tab) => tab.query === operation.source);
    const query = queryEditor.getValue();
    const variables = variableEditor.getValue();
    const streams = running.has(tabs[activeTabIndex]?.id ?? '');
    const untouched =
      !streams &&
      (query.trim() === '' || operations.some((o) => o.source === query && variablesOf(o) === variables));
    if (open >= 0) {
      if (open !== activeTabIndex) changeTab(open);
    } else {
      if (!untouched) addTab();
      queryEditor.setValue(operation.source);
      variableEditor.setValue(variablesOf(operation));
      responseEditor.setValue('');
      const { name, source } = operation;
      updateActiveTabValues({
        query: source,
        variables: variablesOf(operation),
        response: null,
        operationName: name,
      });
      setOperationName(name);
    }
    queryEditor.focus();
  };
}

function variablesOf({ variables }: Operation): string {
  return Object.keys(variables).length > 0 ? JSON.stringify(variables, null, 2) : '';
}
