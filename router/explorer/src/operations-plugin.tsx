import { type GraphiQLPlugin, isMacOs, useGraphiQL } from '@graphiql/react';
import { createContext, use } from 'react';
import { useOpenOperation } from './open-operation.ts';
import type { Operation } from './server.ts';

export const OperationsContext = createContext<readonly Operation[]>([]);

/** The named operations of Medley, to open by a click. */
export const operationsPlugin: GraphiQLPlugin = { title: 'Operations', icon: Icon, content: Operations };

function Operations() {
  const operations = use(OperationsContext);
  const open = useOpenOperation(operations);
  const operationName = useGraphiQL((state) => state.operationName);
  const groups = [...new Set(operations.map(({ group }) => group))];
  return (
    <nav className="operations" aria-label="Operations">
      <h2>Operations</h2>
      <p className="hint">
        Open one, then run it with <kbd>{isMacOs ? '⌘' : 'Ctrl'}</kbd> <kbd>Enter</kbd>.
      </p>
      {groups.map((group) => (
        <section key={group}>
          <h3>{group}</h3>
          <ul>
            {operations
              .filter((operation) => operation.group === group)
              .map((operation) => (
                <li key={operation.name}>
                  <button
                    type="button"
                    aria-current={operation.name === operationName ? 'true' : undefined}
                    disabled={!open}
                    onClick={() => open?.(operation)}
                  >
                    <strong>{toWords(operation.name)}</strong>
                    <span className="description">{withCode(operation.description)}</span>
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

// What stands between backticks is code.
function withCode(text: string) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a constant never move.
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}

// `NewReleases` → `New releases`, `CdnHitRate` → `CDN hit rate`
function toWords(name: string): string {
  const words = name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const names: Record<string, string> = { Cdn: 'CDN', brazil: 'Brazil', url: 'URL' };
  return words.replace(/^Cdn\b|\b(brazil|url)$/, (word) => names[word] ?? word);
}

function Icon() {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M4 5v14M8.5 9v6M13 6.5v11M17.5 9.5v5M21 8v8" />
    </svg>
  );
}
