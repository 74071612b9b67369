import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKafkaEventLog } from '@medley/event-log/kafka';
import { parseEvent, playbackQuality, playEvents, type TopicContract } from '@medley/events';
import { createIdentitySigner, type Identity, identityHeader } from '@medley/identity';
import { encodeId, newUuid } from '@medley/ids';
import { parseSigningKeys } from '@medley/signing-keys';
import { findFreePort, silentLogger, testKeys } from '@medley/testing';
import { startTestKafka } from '@medley/testing/kafka';
import { startTestRedis } from '@medley/testing/redis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPlaybackTokens } from '../src/adapters/playback-tokens.ts';

const { KAFKA_JARS } = process.env;
if (!KAFKA_JARS) console.info('The process of streaming is not tested: KAFKA_JARS names no jars of Kafka.');
const kafka = await startTestKafka();
const redis = kafka && (await startTestRedis());

const key = `test:${Buffer.alloc(32, 1).toString('base64url')}`;
const tokens = createPlaybackTokens({ keys: parseSigningKeys(key) });
const viewerId = encodeId('user', newUuid());
const listener: Identity['actor'] = { kind: 'viewer', id: viewerId, sessionId: 's', scopes: [] };
const support: Identity['actor'] = { ...listener, scopes: ['playback:support'] };

const mutation = `mutation ($input: PlaybackReportInput!) {
  playbackReport(input: $input) { results { status counted } userErrors { message } }
}`;
const aToken = () =>
  tokens.sign({
    decisionId: encodeId('decision', newUuid()),
    viewerId,
    trackId: encodeId('track', newUuid()),
    market: 'DE',
    tier: 'FREE',
    requestedQuality: 'NORMAL',
    grantedQuality: 'NORMAL',
    decidedAt: new Date(Date.now() - 120_000),
  });
const anEvent = () => ({
  id: randomUUID(),
  playbackToken: aToken(),
  playedAt: new Date(Date.now() - 60_000).toISOString(),
  msPlayed: 45_000,
  startReason: 'CLICK',
  endReason: 'FORWARD',
});

describe.skipIf(!kafka || !redis)('the process of streaming', () => {
  let folder: string;
  let port: number;
  let main: ReturnType<typeof startMain> | undefined;
  const signer = createIdentitySigner({
    audience: 'streaming',
    keys: testKeys,
    reads: ['actor', 'market', 'marketSource', 'explicit'],
  });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medley-streaming-'));
    port = await findFreePort();
  });
  afterAll(async () => {
    main?.child.kill('SIGKILL');
    await Promise.all([kafka?.stop(), redis?.kill()]);
    await rm(folder, { recursive: true, force: true });
  });

  function startMain() {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('../src/main.ts', import.meta.url))],
      {
        env: {
          PATH: process.env.PATH,
          PORT: String(port),
          IDENTITY_KEYS_STREAMING: key,
          SERVICE_KEYS_CATALOG: key,
          SERVICE_KEYS_USERS: key,
          URL_SIGNING_KEYS: key,
          PLAYBACK_TOKEN_KEYS: key,
          CURSOR_KEYS: key,
          // Nobody there: what is tested here needs no facts.
          SUBGRAPH_URL_CATALOG: 'http://127.0.0.1:1/graphql',
          SUBGRAPH_URL_USERS: 'http://127.0.0.1:1/graphql',
          EDGE_BASE_URL: 'https://edge.example',
          REDIS_URL: redis?.url,
          KAFKA_BROKERS: kafka?.brokers.join(','),
          SPOOL_DIR: join(folder, 'spool'),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    return { child, output: () => output };
  }

  const url = (path: string) => `http://127.0.0.1:${port}${path}`;
  // Consumers look for a Kafka that was away ever more rarely.
  const patience = { timeout: 120_000, interval: 100 };

  async function start() {
    main = startMain();
    const { child, output } = main;
    await vi.waitUntil(() => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${output()}`);
      return fetch(url('/healthz')).then(
        ({ ok }) => ok,
        () => false,
      );
    }, patience);
    return child;
  }

  async function ask(query: string, variables: object, actor: Identity['actor']) {
    const body = JSON.stringify({ query, variables });
    const identity = signer.sign(
      { actor, market: null, marketSource: null, explicit: true, clientAddress: null },
      { body, requestId: 'test', deadline: Date.now() + 10_000 },
    );
    const headers = { 'content-type': 'application/json', [identityHeader]: identity };
    const response = await fetch(url('/graphql'), { method: 'POST', headers, body });
    const { data, errors } = await response.json();
    expect(errors).toBeUndefined();
    return data;
  }

  async function report(events: readonly object[]): Promise<string[]> {
    const data = await ask(mutation, { input: { events } }, listener);
    return data.playbackReport.results.map(({ status }: { status: string }) => status);
  }

  async function reportQuality(): Promise<boolean[]> {
    const measurement = {
      id: randomUUID(),
      playbackToken: aToken(),
      startedAt: new Date(Date.now() - 60_000).toISOString(),
      outcome: 'STARTED',
      clickToSoundMs: 120,
      msPlayed: 45_000,
    };
    const data = await ask(
      `mutation ($input: PlaybackQualityReportInput!) { playbackQualityReport(input: $input) { results { accepted } } }`,
      { input: { measurements: [measurement] } },
      listener,
    );
    return data.playbackQualityReport.results.map(({ accepted }: { accepted: boolean }) => accepted);
  }

  async function decide(): Promise<string> {
    const query = `query ($id: ID!) { playbackUrl(trackId: $id, quality: LOW) { ... on PlaybackDenial { decisionId } } }`;
    const data = await ask(query, { id: encodeId('track', newUuid()) }, { kind: 'anonymous' });
    return data.playbackUrl.decisionId;
  }

  const findDecision = async (id: string) =>
    (await ask('query ($id: ID!) { playbackDecision(id: $id) { id code user { id } } }', { id }, support))
      .playbackDecision;

  async function ready() {
    const response = await fetch(url('/readyz'));
    return { status: response.status, ...(await response.json()) };
  }

  /** The ids of the events of a topic. */
  async function readLog(topic: TopicContract): Promise<string[]> {
    const log = createKafkaEventLog({
      brokers: kafka?.brokers ?? [],
      clientId: 'test',
      ssl: undefined,
      sasl: undefined,
      logger: silentLogger,
    });
    const ids: string[] = [];
    for (const { partition, low, high } of await log.admin.offsets(topic.name)) {
      const records = high > low ? await log.admin.read(topic.name, partition, low, 1_000) : [];
      for (const { value } of records) {
        const parsed = parseEvent(topic, value);
        if (parsed.kind === 'event') ids.push(parsed.event.id);
      }
    }
    await log.close();
    return ids;
  }

  it('starts without Kafka, says so, keeps plays through kill -9, and comes in when Kafka is there', {
    timeout: 400_000,
  }, async () => {
    await kafka?.kill();
    const first = await start();
    const events = [anEvent(), anEvent()];
    expect(await report(events)).toEqual(['DEFERRED', 'DEFERRED']);
    expect(await ready()).toMatchObject({
      status: 200,
      ready: true,
      degraded: expect.arrayContaining([
        'the event log does not answer',
        '2 plays wait on this server for the event log',
      ]),
    });
    first.kill('SIGKILL');
    await once(first, 'exit');

    const second = await start();
    const decisionId = await decide();
    expect(await reportQuality()).toEqual([true]);
    const later = anEvent();
    expect(await report([later])).toEqual(['DEFERRED']);
    await kafka?.start();
    // Catalog and users are not there: their facts cannot be followed.
    const logIsWell = async () => {
      const { degraded = [] } = await ready();
      expect(degraded.filter((said: string) => !/^the changes of /.test(said))).toEqual([]);
    };
    await vi.waitFor(logIsWell, patience);
    expect(await report([...events, later])).toEqual(['STORED', 'STORED', 'STORED']);
    expect(await report([...events, later])).toEqual(['STORED', 'STORED', 'STORED']);
    // None is missing; some are there more than once, as they were sent again.
    expect(new Set(await readLog(playEvents))).toEqual(new Set([...events, later].map(({ id }) => id)));
    await vi.waitFor(async () => expect(await readLog(playbackQuality)).toHaveLength(1), patience);
    await vi.waitFor(async () => expect(await findDecision(decisionId)).not.toBeNull(), patience);
    expect(await findDecision(decisionId)).toEqual({ id: decisionId, code: 'SIGN_IN_REQUIRED', user: null });

    const metrics = await (await fetch(url('/metrics'))).text();
    expect(metrics).toContain('medley_playback_reported_events_total{status="DEFERRED",code=""} 1');
    second.kill('SIGTERM');
    const [code] = await once(second, 'exit');
    expect(code).toBe(0);
  });
});
