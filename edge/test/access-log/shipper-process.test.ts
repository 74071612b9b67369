import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { serveEventLog } from '@medley/event-log/served';
import { edgeAccess } from '@medley/events';
import type { HttpService } from '@medley/service';
import { silentLogger } from '@medley/testing';
import { openTestEventLog, type TestEventLog } from '@medley/testing/event-log';
import { request } from 'undici';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { killShippers, startShipperProcess } from './shipper-process.ts';
import { openTestAccessLog, type TestAccessLog } from './test-access-log.ts';
import { createTrafficSink } from './told-traffic.ts';

const token = 'a token of this test';

let access: TestAccessLog;
let events: TestEventLog;
let service: HttpService;

beforeEach(async () => {
  access = await openTestAccessLog();
  events = await openTestEventLog();
  service = await serveEventLog(events.log, { host: '127.0.0.1', port: 0, token, logger: silentLogger });
});
afterEach(async () => {
  killShippers();
  await service.stop();
  await events.close();
  await access.close();
});

function logUrl(): string {
  const url = new URL(service.url);
  url.password = token;
  return url.href;
}

async function told() {
  const sink = createTrafficSink();
  const records = await events.read(edgeAccess.name);
  sink.take(records.map(({ event }) => ({ value: Buffer.from(JSON.stringify(event)) })));
  const { samples: _, ...totals } = sink.totals();
  return { totals, records: records.length };
}

it('loses and doubles nothing when it is killed many times while nginx writes, and ends in order', async () => {
  await access.requests(1);
  let isWriting = true;
  let rotations = 0;
  const writing = (async () => {
    for (let round = 1; isWriting; round += 1) {
      await access.requests(20);
      await access.fetch();
      if (round % 20 === 0) await access.rubbish();
      if (rotations > 0) {
        await access.rotate();
        await access.requests(1);
        rotations -= 1;
      }
      await pause(10);
    }
  })();
  for (let kills = 1; kills <= 10; kills += 1) {
    const { child } = await startShipperProcess(access, { EVENT_LOG_URL: logUrl() });
    // The first one lives until it has begun.
    while (kills === 1 && (await told()).records === 0) await pause(50);
    await pause(200 + Math.random() * 600);
    child.kill('SIGKILL');
    await once(child, 'exit');
    if (kills === 3 || kills === 6) rotations += 1;
  }
  isWriting = false;
  await writing;
  const { child, url } = await startShipperProcess(access, { EVENT_LOG_URL: logUrl() });
  // A renamed file is left when it has had no line for ten seconds, so this may take as long for each.
  await expect
    .poll(async () => (await told()).totals, { timeout: 60_000, interval: 500 })
    .toEqual(access.written);
  expect(await (await request(`${url}/readyz`)).body.json()).toEqual({ ready: true, unready: [] });
  expect(await (await request(`${url}/metrics`)).body.text()).toContain('medley_edge_access_behind_bytes 0');

  // What belongs to the ten seconds that are not over goes when it stops.
  await access.requests(1);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect((await told()).totals).toEqual(access.written);
}, 180_000);
