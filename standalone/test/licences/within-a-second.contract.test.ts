import { setTimeout as sleep } from 'node:timers/promises';
import { encodeId } from '@medley/ids';
import { LinkError } from '@medley/subgraph-link';
import { testDatabaseKind } from '@medley/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Heard, lastWrongGrant, startListeners } from './listeners.ts';
import { openReplicas, type Replicas, trackIdOf, trackUuidOf } from './replicas.ts';

const names = Array.from({ length: 24 }, (_, index) => `track ${index}`);
const people = ['ada', 'bea', 'cem', 'dan'];
const perSecond = 200;

describe(`licences with two replicas of streaming, on ${testDatabaseKind}`, () => {
  let world: Replicas;
  let viewers: { uuid: string; id: string }[];

  beforeAll(async () => {
    world = await openReplicas(2);
    await world.catalog.writer.upsert({
      source: { precision: 'described' },
      tracks: names.map((name) => ({
        id: trackUuidOf(name),
        values: {
          title: name,
          durationMs: 200_000,
          availableMarkets: ['DE', 'US'],
          encodings: ['LOW', 'NORMAL', 'HIGH'],
        },
      })),
    });
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    world.disturb(async () => {});
    for (const name of names) {
      await world.catalog.writer.reinstateTrack(trackUuidOf(name));
      await world.catalog.writer.setMarkets(trackUuidOf(name), ['DE', 'US']);
    }
    viewers = await Promise.all(
      people.map(async (name) => {
        const account = await world.users.accounts.create({
          email: `${name}-${crypto.randomUUID()}@example.com`,
          displayName: name,
          passwordHash: '$argon2id$none',
          country: 'DE',
          tier: 'PREMIUM',
          createdAt: new Date(),
        });
        if (!account) throw new Error('the account was refused');
        return { uuid: account.id, id: encodeId('user', account.id) };
      }),
    );
    await expect
      .poll(() => world.replicas.flatMap(({ findDegraded }) => findDegraded()), { timeout: 10_000 })
      .toEqual([]);
  });

  const listen = () =>
    startListeners(world, {
      trackIds: names.map(trackIdOf),
      viewerIds: viewers.map(({ id }) => id),
      perSecond,
    });
  const timed = async (change: () => Promise<unknown>) => {
    await change();
    return performance.now();
  };
  const withdraw = (name: string) =>
    timed(() => world.catalog.writer.withdrawTrack(trackUuidOf(name), new Date()));
  const leaveGermany = (name: string) =>
    timed(() => world.catalog.writer.setMarkets(trackUuidOf(name), ['US']));
  const ofTrack = (name: string) => (one: { trackId: string }) => one.trackId === trackIdOf(name);
  // On a busy machine some answers are late, and then nothing is decided: that is no refusal.
  const decided = (heard: readonly Heard[]) => heard.filter(({ answer }) => answer !== 'PlaybackUndecided');
  const print = (what: string, delays: readonly number[], rate: { perSecond: number }) =>
    console.log(
      `${what}, ${rate.perSecond} playbackUrl/s, ${testDatabaseKind}: last wrong grant ${delays.join(', ')} ms after the commit`,
    );

  it('refuses what was taken down, or lost its market, within a second, with everything held', async () => {
    const listeners = listen();
    await sleep(1_500);
    const changes: { name: string; at: number }[] = [];
    for (const [index, name] of names.slice(0, 8).entries()) {
      await sleep(150 + Math.random() * 400);
      changes.push({ name, at: await (index % 2 === 0 ? withdraw : leaveGermany)(name) });
    }
    await sleep(1_500);
    const rate = await listeners.stop();
    const delays = changes.map(({ name, at }) => lastWrongGrant(listeners.heard, at, ofTrack(name)));
    print('takedowns', delays, rate);
    expect(Math.max(...delays)).toBeLessThan(1_000);
    const answers = decided(listeners.heard).filter(ofTrack('track 20'));
    expect(new Set(answers.map(({ answer }) => answer))).toEqual(new Set(['PlaybackGrant']));
    expect(answers.length).toBeGreaterThan(0.5 * listeners.heard.filter(ofTrack('track 20')).length);
    for (const { name } of changes) {
      const last = decided(listeners.heard).findLast(ofTrack(name));
      expect(['TrackUnavailable', 'MarketRestricted']).toContain(last?.answer);
    }
  });

  it('grants what is licensed again, within a second too', async () => {
    await withdraw('track 9');
    const listeners = listen();
    await sleep(1_000);
    const at = await timed(() => world.catalog.writer.reinstateTrack(trackUuidOf('track 9')));
    await sleep(1_200);
    await listeners.stop();
    const late = listeners.heard.filter((one) => ofTrack('track 9')(one) && one.at > at + 1_000);
    expect(late.length).toBeGreaterThan(0);
    expect(new Set(late.map(({ answer }) => answer))).toEqual(new Set(['PlaybackGrant']));
  });

  it('holds accounts to what they became, within a second', async () => {
    const listeners = listen();
    await sleep(1_000);
    const changes: { id: string; at: number }[] = [];
    for (const [index, { id, uuid }] of viewers.slice(0, 3).entries()) {
      await sleep(Math.random() * 400);
      const change = index === 1 ? { status: 'SUSPENDED' as const } : { tier: 'FREE' as const };
      changes.push({ id, at: await timed(() => world.users.accounts.update(uuid, change)) });
    }
    await sleep(1_500);
    const rate = await listeners.stop();
    const delays = changes.map(({ id, at }) =>
      lastWrongGrant(listeners.heard, at, ({ viewerId }) => viewerId === id),
    );
    print('tiers and suspensions', delays, rate);
    expect(Math.max(...delays)).toBeLessThan(1_000);
    expect(decided(listeners.heard).findLast(({ viewerId }) => viewerId === viewers[3]?.id)?.answer).toBe(
      'PlaybackGrant',
    );
  });

  it('decides by what it reads while nobody tells what changed', async () => {
    const listeners = listen();
    await sleep(1_000);
    let failed = 0;
    world.disturb(async ({ body, signal }) => {
      if (!body.includes('ChangesSince')) return;
      failed += 1;
      // Some are refused, some hang.
      if (failed % 2 === 0) throw new LinkError('UPSTREAM_UNAVAILABLE', 'refused');
      await new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new LinkError('UPSTREAM_TIMEOUT', 'no answer')));
      });
    });
    const changes: { name: string; at: number }[] = [];
    for (const name of names.slice(0, 5)) {
      changes.push({ name, at: await (changes.length % 2 === 0 ? withdraw : leaveGermany)(name) });
      await sleep(800);
    }
    expect(world.replicas.map(({ findDegraded }) => findDegraded().length)).toEqual([2, 2]);
    await sleep(1_000);
    world.disturb(async () => {});
    const degraded = () => world.replicas.map(({ findDegraded }) => findDegraded().length);
    await expect.poll(degraded, { timeout: 10_000 }).toEqual([0, 0]);
    await sleep(1_000);
    const rate = await listeners.stop();
    const delays = changes.map(({ name, at }) => lastWrongGrant(listeners.heard, at, ofTrack(name)));
    print('5 s without askings', delays, rate);
    expect(Math.max(...delays)).toBeLessThan(1_000);
    const after = listeners.heard.filter(({ trackId }) => trackId === trackIdOf('track 20'));
    expect(after.at(-1)?.answer).toBe('PlaybackGrant');
  });

  it('decides nothing while catalog answers nothing at all', async () => {
    const listeners = listen();
    await sleep(1_000);
    const at = await withdraw('track 0');
    world.disturb(
      ({ body, signal }) =>
        new Promise((resolve, reject) => {
          if (body.includes('ccount')) return resolve();
          signal.addEventListener('abort', () => reject(new LinkError('UPSTREAM_TIMEOUT', 'no answer')));
        }),
    );
    await sleep(2_500);
    const during = listeners.heard.filter((one) => one.at > at + 2_000);
    world.disturb(async () => {});
    await sleep(1_500);
    await listeners.stop();
    expect(lastWrongGrant(listeners.heard, at, ofTrack('track 0'))).toBeLessThan(1_000);
    expect(new Set(during.map(({ answer }) => answer))).toEqual(new Set(['PlaybackUndecided']));
    expect(listeners.heard.findLast(ofTrack('track 20'))?.answer).toBe('PlaybackGrant');
    expect(listeners.heard.findLast(ofTrack('track 0'))?.answer).toBe('TrackUnavailable');
  });

  it('asks the databases next to nothing for what is held', async () => {
    const listeners = listen();
    await sleep(1_000);
    const before = world.statements();
    const heard = listeners.heard.length;
    await sleep(2_000);
    const statements = world.statements() - before;
    const decisions = listeners.heard.length - heard;
    await listeners.stop();
    console.log(
      `${statements} statements in 2 s of ${decisions} decisions by two replicas, ${testDatabaseKind}`,
    );
    // Two replicas ask two subgraphs, each a little more than four times a second.
    expect(statements).toBeLessThanOrEqual(2 * 2 * 2 * 5);
    expect(decisions).toBeGreaterThan(100);
  });
});
