import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildApiSchema } from '@medley/schema';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGraphSender } from '../src/graph-sender.ts';
import type { PlaybackMeasurement } from '../src/measurement.ts';

const measurement: PlaybackMeasurement = {
  id: '7b0f2a52-7df4-4f6e-9d2c-0b7a0f6ad001',
  playbackToken: 'v1.facts.signature',
  startedAt: '2026-11-23T12:00:00.000Z',
  outcome: 'FAILED',
  failure: 'HTTP',
  httpStatus: 410,
  clickToSoundMs: null,
  msPlayed: 0,
  stalls: [{ atMs: 1, lengthMs: 2 }],
  bytes: 0,
  edgeHits: 0,
  edgeMisses: 0,
};

let answer: { status: number; body: unknown };
let asked: { headers: IncomingMessage['headers']; body: { query: string; variables: { input: object } } };
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    asked = { headers: request.headers, body: JSON.parse(text) };
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve())));
afterAll(() => server.close());

function send() {
  const { port } = server.address() as AddressInfo;
  const headers = () => ({ authorization: 'Bearer a.b.c' });
  const url = `http://127.0.0.1:${port}/graphql`;
  return createGraphSender({ url, headers, player: 'test/1', deviceId: 'd1' })([measurement, measurement]);
}
const payload = (results: readonly boolean[], userErrors: readonly unknown[] = []) => ({
  data: { playbackQualityReport: { results: results.map((accepted) => ({ accepted })), userErrors } },
});

describe('a report to the graph', () => {
  it('asks what the schema knows, as the listener', async () => {
    answer = { status: 200, body: payload([true, true]) };
    expect(await send()).toEqual({ refused: 0 });
    expect(validate(buildApiSchema(), parse(asked.body.query))).toEqual([]);
    expect(asked.headers.authorization).toBe('Bearer a.b.c');
    expect(asked.body.variables.input).toEqual({
      measurements: [measurement, measurement],
      sentAt: expect.any(String),
      player: 'test/1',
      deviceId: 'd1',
    });
  });

  it.each([
    ['results', 200, payload([true, false]), 1],
    ['problems of the whole', 200, payload([], [{ code: 'INVALID' }]), 2],
    ['a refusal', 400, { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }, 2],
    [
      'a refusal that looks like an answer',
      200,
      { data: null, errors: [{ extensions: { code: 'FORBIDDEN' } }] },
      2,
    ],
  ])('is done with %s', async (_, status, body, refused) => {
    answer = { status, body };
    expect(await send()).toEqual({ refused });
  });

  it.each([
    [
      'a dead subgraph',
      200,
      { data: { playbackQualityReport: null }, errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] },
    ],
    ['a token that ran out, and may be renewed', 401, {}],
    ['a limit', 429, {}],
    ['a dead router', 502, {}],
  ])('is to be tried again after %s', async (_, status, body) => {
    answer = { status, body };
    const said = status === 200 ? 'UPSTREAM_UNAVAILABLE' : String(status);
    await expect(send()).rejects.toThrow(`the graph answered ${said}`);
  });
});
