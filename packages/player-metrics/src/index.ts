export { createGraphSender, type GraphSenderOptions } from './graph-sender.ts';
export {
  type MeasuredPlayback,
  type MeasuringOptions,
  measurePlayback,
} from './measure-playback.ts';
export type { PlaybackMeasurement, Stall, StartFailure, StartOutcome } from './measurement.ts';
export {
  createMeasurementQueue,
  type MeasurementQueue,
  type MeasurementQueueOptions,
  type SendMeasurements,
  type Sent,
} from './measurement-queue.ts';
export { type PrefetchedSlice, prefetchSlice, sliceBytes } from './prefetch-slice.ts';
