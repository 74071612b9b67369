import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';

/**
 * How the editors behave here: Ctrl-Enter (⌘-Enter) runs the operation wherever the focus is, within the editors
 * GraphiQL does that itself; long lines wrap where there is room, and more of them fit on a screen.
 */
export function EditorHabits() {
  const { run } = useGraphiQLActions();
  const { queryEditor, variableEditor, responseEditor } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'responseEditor'),
  );

  useEffect(() => {
    // Wrapped into a narrow column code is harder to read than cut off.
    const wordWrap = window.innerWidth > 1_100 ? 'on' : 'off';
    queryEditor?.updateOptions({ fontSize: 13, wordWrap });
    variableEditor?.updateOptions({ fontSize: 13, wordWrap });
    responseEditor?.updateOptions({ fontSize: 13 });
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
