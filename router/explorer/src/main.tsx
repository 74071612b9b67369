import 'graphiql/setup-workers/vite';
import '@graphiql/react/font/fira-code.css';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import '@graphiql/plugin-explorer/style.css';
import './palette.css';
import './explorer.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Explorer } from './explorer.tsx';
import { type Config, type Operation, type Persona, readFromServer } from './server.ts';

const root = createRoot(document.getElementById('root') as HTMLElement);
start().catch((error: Error) => {
  root.render(
    <p className="failure" role="alert">
      The explorer could not start: {error.message}. Reload the page to try again.
    </p>,
  );
});

async function start(): Promise<void> {
  const [config, operations] = await Promise.all([
    readFromServer<Config>('config.json'),
    readFromServer<readonly Operation[]>('operations.json'),
  ]);
  const personas = config.personas ? await readFromServer<readonly Persona[]>('personas.json') : [];
  root.render(
    <StrictMode>
      <Explorer config={config} operations={operations} personas={personas} />
    </StrictMode>,
  );
}
