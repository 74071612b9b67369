export { createEdge, type Edge, type EdgeOptions } from './edge.ts';
export type { RenderProgress } from './origin/files/audio-files.ts';
export { createOrigin, type Origin, type OriginOptions } from './origin/origin.ts';
export type { EdgeAccessEvent } from './traffic/traffic-events.ts';
export {
  type EdgeTraffic,
  startTrafficReports,
  type TrafficReports,
  type TrafficReportsOptions,
} from './traffic/traffic-reports.ts';
export { warmingConfig } from './warming/config.ts';
export { openWarming } from './warming/open-warming.ts';
export { formatWarmProgress, formatWarmReport } from './warming/report.ts';
export type { WarmProgress, WarmReport } from './warming/warm.ts';
export {
  createWarming,
  startWarmingSchedule,
  type Warming,
  type WarmingOptions,
  type WarmTerms,
} from './warming/warming.ts';
