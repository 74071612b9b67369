import { doAside } from '../training/computing/run-aside.ts';
import type { EngineTask } from './embedded-engine.ts';
import { makeFactorTable } from './embedded-engine-factors.ts';
import { makeNeighbourTable } from './embedded-engine-neighbours.ts';

await doAside<EngineTask, void>((task, run) =>
  task.kind === 'neighbours' ? makeNeighbourTable(task, run) : makeFactorTable(task, run),
);
