import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';

/**
 * How the editors behave here: Ctrl-Enter (⌘-Enter) runs the operation wherever the focus is, within the editors
 * GraphiQL does that itself; long lines wrap, and more of them fit on a screen.
 */
export function EditorHabits() {
  const { run } = useGraphiQLActions();
  const { queryEditor, variableEditor, responseEditor } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'responseEditor'),
  );

  useEffect(() => {
    for (const editor of [queryEditor, variableEditor, responseEditor]) {
      editor?.updateOptions({ fontSize: 13, wordWrap: 'on' });
    }
  }, [queryEditor, variableEditor, responseEditor]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const inEditor = event.target instanceof Element && event.target.closest('.monaco-editor');
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !inEditor) {
        event.preventDefault();
        run();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [run]);

  return null;
}
