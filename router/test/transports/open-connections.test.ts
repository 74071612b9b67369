import { createMetrics } from '@medley/service';
import { expect, it } from 'vitest';
import { createOpenConnections } from '../../src/subscriptions/transports/open-connections.ts';

/** A connection that closes when it is told to, unless it is deaf. */
function add(connections: ReturnType<typeof createOpenConnections>, isDeaf = false) {
  const connection = { told: 0 };
  const forget = connections.add('sse', () => {
    connection.told += 1;
    if (!isDeaf) setImmediate(() => forget());
  });
  return connection;
}

it('open connections are closed at the end, those that come too late as well', async () => {
  const connections = createOpenConnections(createMetrics());
  const early = add(connections);
  const draining = connections.drain(2_000);
  const late = add(connections);
  await draining;
  expect([early.told, late.told]).toEqual([1, 1]);
});

it('open connections that do not close are waited for no longer than one has patience', async () => {
  const connections = createOpenConnections(createMetrics());
  const deaf = add(connections, true);
  await connections.drain(10);
  expect(deaf.told).toBe(1);
});
