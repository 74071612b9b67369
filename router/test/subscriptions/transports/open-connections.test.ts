import { createMetrics } from '@medley/service';
import { expect, it } from 'vitest';
import { createOpenConnections } from '../../../src/subscriptions/transports/open-connections.ts';

/** A connection that closes when it is told to; a deaf one only when it is terminated. */
function add(connections: ReturnType<typeof createOpenConnections>, isDeaf = false) {
  const heard: string[] = [];
  const remove = connections.add(
    'sse',
    () => {
      heard.push('closed');
      if (!isDeaf) setImmediate(() => remove());
    },
    () => heard.push('terminated'),
  );
  return heard;
}

it('open connections are closed at the end, those that come too late as well', async () => {
  const connections = createOpenConnections(createMetrics());
  const early = add(connections);
  const draining = connections.drain(2_000);
  const late = add(connections);
  await draining;
  expect([early, late]).toEqual([['closed'], ['closed']]);
});

it('open connections that do not close are terminated', async () => {
  const connections = createOpenConnections(createMetrics());
  const deaf = add(connections, true);
  await connections.drain(10);
  expect(deaf).toEqual(['closed', 'terminated']);
});
