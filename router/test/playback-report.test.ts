import { randomUUID } from 'node:crypto';
import { readOperations } from '@medley/schema';
import type { HttpService } from '@medley/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ids, openTestRouter } from './stub-subgraphs.ts';

const { stubs, router } = await openTestRouter();
let service: HttpService;
beforeAll(async () => {
  service = await router.start({
    host: '127.0.0.1',
    port: 0,
    corsOrigins: [],
    readJwks: async () => ({ keys: [] }),
  });
});
afterAll(() => service.stop());

const { source } = readOperations().find(({ name }) => name === 'PlaybackReport') as { source: string };

/** A play with every field that there is, as long as they come. */
const anEvent = (event: object = {}) => ({
  id: randomUUID(),
  // With the longest key id.
  playbackToken: `v1.${'k'.repeat(32)}.${'p'.repeat(330)}.${'s'.repeat(43)}`,
  trackId: ids.track,
  playedAt: '2026-11-23T08:00:00.123456789+00:00',
  msPlayed: 212_345.678_901_234,
  context: { kind: 'PLAYLIST', id: 'x'.repeat(64) },
  startReason: 'TRACK_DONE',
  endReason: 'TRACK_DONE',
  offline: false,
  clickToSoundMs: 123.456_789_012_345,
  stalls: 2_147_483_647,
  stalledMs: 123.456_789_012_345,
  ...event,
});

async function report(events: readonly object[]) {
  const variables = { input: { sentAt: '2026-11-23T08:05:00.000Z', deviceId: 'd'.repeat(64), events } };
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer listener' },
    body: JSON.stringify({ query: source, variables }),
  });
  return { status: response.status, answer: await response.json() };
}

describe('a report of plays', () => {
  it('of a hundred comes through whole, with twice the room that it needs', async () => {
    const events = Array.from({ length: 100 }, () => anEvent());
    expect(JSON.stringify(events).length).toBeLessThan(262_144 / 2);
    const { status, answer } = await report(events);
    expect(status).toBe(200);
    expect(answer.errors).toBeUndefined();
    expect(answer.data.playbackReport.results.map(({ id }: { id: string }) => id)).toEqual(
      events.map(({ id }) => id),
    );
    expect(JSON.parse(stubs.bodies.streaming.at(-1) as string).variables.input.events).toEqual(events);
  });

  it('of more comes through too, so that its owner can say how many there may be', async () => {
    const { status, answer } = await report(Array.from({ length: 110 }, () => anEvent()));
    expect({ status, errors: answer.errors }).toEqual({ status: 200, errors: undefined });
  });

  it.each([
    ['endReason', 'BORED'],
    ['msPlayed', 'long'],
    ['stalls', 1.5],
  ])('names the place of a value that is not of its type: %s', async (field, value) => {
    const { status, answer } = await report([anEvent(), anEvent({ [field]: value })]);
    expect(status).toBe(400);
    expect(answer.errors).toMatchObject([
      {
        message: expect.stringContaining(`input.events[1].${field}`),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });
});
