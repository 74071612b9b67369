import { createEmbeddedEngine } from '../../src/adapters/embedded-engine.ts';
import { trainingEngineContract } from './training-engine.contract.ts';

trainingEngineContract('embedded', async () => createEmbeddedEngine());
