import { createGraphSender, createMeasurementQueue, type MeasurementQueue } from '@medley/player-metrics';

const queues = new Map<string, MeasurementQueue>();

/**
 * The queue of measurements of those grants that were asked for with these headers: a grant belongs to its viewer, who may be another a click
 * later.
 */
export function queueOf(graphqlPath: string, headers: Readonly<Record<string, string>>): MeasurementQueue {
  const key = JSON.stringify([graphqlPath, headers]);
  const known = queues.get(key);
  if (known) return known;
  const send = createGraphSender({ url: graphqlPath, headers: () => headers, player: 'explorer/0.1' });
  // Who looks at numbers of plays wants to see their own soon.
  const queue = createMeasurementQueue({ send, sendAfterMs: 500 });
  queues.set(key, queue);
  return queue;
}
