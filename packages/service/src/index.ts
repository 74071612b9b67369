export { findSilent } from './find-silent.ts';
export { type HttpService, type HttpServiceOptions, startHttpService } from './http-service.ts';
export { createLogger, type Logger } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export {
  type Farewell,
  type RunningProcess,
  runProcess,
  runUntilSignal,
  type StartProcess,
} from './run-until-signal.ts';
export { startWorker } from './start-worker.ts';
