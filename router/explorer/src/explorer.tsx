import { explorerPlugin } from '@graphiql/plugin-explorer';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useEffect, useMemo, useRef, useState } from 'react';
import { AnswerStrip } from './answer-strip.tsx';
import { createCallerHeaders, describeCaller } from './caller.ts';
import { CallerBar } from './caller-bar.tsx';
import { EditorHabits } from './editor-habits.tsx';
import { createFetcher } from './fetcher.ts';
import { createMeasurements } from './measurements.ts';
import { readInitialEditors } from './open-operation.ts';
import { OperationsContext, operationsPlugin } from './operations-plugin.tsx';
import { createOutcomes, type Outcome } from './outcomes.ts';
import { recallCaller, rememberCaller } from './remembered-caller.ts';
import { type Config, type Operation, type Persona, readFromServer } from './server.ts';
import { OutcomesContext } from './use-outcomes.ts';

export interface ExplorerProps {
  readonly config: Config;
  readonly operations: readonly Operation[];
  readonly personas: readonly Persona[];
}

const plugins = [operationsPlugin, explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN];

/** The whole page: who asks on top, GraphiQL below it. */
export function Explorer({ config, operations, personas }: ExplorerProps) {
  const [caller, setCaller] = useState(() => recallCaller(personas, config.addresses));
  const [latest, setLatest] = useState<Outcome>();
  const [outcomes] = useState(createOutcomes);
  const currentCaller = useRef(caller);
  currentCaller.current = caller;
  useEffect(() => rememberCaller(caller), [caller]);

  const fetcher = useMemo(() => {
    const readHeaders = createCallerHeaders(() => readFromServer<readonly Persona[]>('personas.json'));
    return createFetcher({
      path: config.graphqlPath,
      caller: () => {
        const asking = currentCaller.current;
        return { readHeaders: () => readHeaders(asking), description: describeCaller(asking) };
      },
      onExchange: setLatest,
      onStream: setLatest,
    });
  }, [config.graphqlPath]);
  const measurements = useMemo(() => createMeasurements(config.graphqlPath), [config.graphqlPath]);
  useEffect(() => () => void measurements.stop(), [measurements]);
  const initial = useMemo(() => readInitialEditors(operations), [operations]);

  return (
    <OperationsContext value={operations}>
      <OutcomesContext value={outcomes}>
        <CallerBar caller={caller} personas={personas} addresses={config.addresses} onChange={setCaller} />
        <main>
          <GraphiQL
            fetcher={fetcher}
            plugins={plugins}
            visiblePlugin={operationsPlugin}
            defaultEditorToolsVisibility="variables"
            showPersistHeadersSettings={false}
            inputValueDeprecation
            schemaDescription
            {...initial}
          >
            <GraphiQL.Logo>
              <EditorHabits />
            </GraphiQL.Logo>
            <GraphiQL.Footer>
              <AnswerStrip latest={latest} edgeOrigin={config.edgeOrigin} measurements={measurements} />
            </GraphiQL.Footer>
          </GraphiQL>
        </main>
      </OutcomesContext>
    </OperationsContext>
  );
}
