import type { Actor } from '@medley/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asking, openAsking } from '../asking.ts';

const forAnalysts = {
  playSeries: 'playSeries(from: "2026-06-01T00:00:00Z", every: HOUR) { until }',
  topTracks: 'topTracks { until }',
  topArtists: 'topArtists { until }',
  listeners: 'listeners { estimate }',
  denials: 'denials(from: "2026-06-01T00:00:00Z") { until }',
  playbackQuality: 'playbackQuality(from: "2026-06-01T00:00:00Z") { until }',
  cdnTraffic: 'cdnTraffic(from: "2026-06-01T00:00:00Z", every: HOUR) { until }',
  edgeStatus: 'edgeStatus { at }',
  doubtfulPlays: 'doubtfulPlays(from: "2026-06-01T00:00:00Z", first: 1) { pageInfo { hasNextPage } }',
  analyticsStatus: 'analyticsStatus { countedSince }',
};
const forServices = ['mostPlayedTracks(first: 1)', 'playedTrackCount'];
const viewer = (...scopes: string[]): Actor => ({ kind: 'viewer', id: 'user_1', sessionId: 's', scopes });

describe('who may ask analytics', () => {
  let analytics: Asking;
  beforeAll(async () => {
    analytics = await openAsking();
  });
  afterAll(() => analytics?.close());

  const codeOf = async (field: string, actor: Actor) => {
    const { errors } = await analytics.ask(`{ ${field} }`, {}, { actor });
    return errors?.[0]?.extensions;
  };

  it.each(Object.entries(forAnalysts))(
    '%s answers those with the scope analytics:read alone',
    async (_, field) => {
      expect(await codeOf(field, viewer('playback', 'analytics:read'))).toBeUndefined();
      expect(await codeOf(field, viewer('playback'))).toEqual({
        code: 'FORBIDDEN',
        missingScopes: ['analytics:read'],
      });
      expect(await codeOf(field, { kind: 'anonymous' })).toEqual({ code: 'UNAUTHENTICATED' });
      expect(await codeOf(field, { kind: 'service', id: 'edge' })).toMatchObject({ code: 'FORBIDDEN' });
    },
  );

  it.each(forServices)('%s answers services alone', async (field) => {
    expect(await codeOf(field, { kind: 'service', id: 'edge' })).toBeUndefined();
    expect(await codeOf(field, viewer('analytics:read'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await codeOf(field, { kind: 'anonymous' })).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('analysts who ask for very much at once are answered in turn, and told when that is too much', async () => {
    const ask = (count: number) => {
      const fields = Array.from({ length: count }, (_, index) => `f${index}: listeners { estimate }`);
      return analytics.ask(`{ ${fields.join(' ')} }`, {}, { actor: viewer('analytics:read') });
    };
    expect((await ask(200)).errors).toBeUndefined();
    const { errors = [] } = await ask(210);
    expect(errors).toHaveLength(7);
    expect(errors[0]?.extensions.code).toBe('RATE_LIMITED');
    expect((await ask(1)).errors).toBeUndefined();
  });

  it('charts answer everybody', async () => {
    expect(await codeOf('charts { until }', { kind: 'anonymous' })).toBeUndefined();
  });

  describe('about itself', () => {
    const status = async () =>
      (
        await analytics.analyst<{
          analyticsStatus: { topics: object[]; rebuild: unknown; countedSince: string };
        }>('{ analyticsStatus { topics { name lag } countedSince rebuild { startedAt } } }')
      ).analyticsStatus;

    it('it tells how far each topic is behind, and null where the log does not say', async () => {
      analytics.positions = async (group, [topic = '']) => {
        if (group === 'analytics.edge') throw new Error('the log is away');
        const position = { topic, committed: 1n };
        return [
          { ...position, partition: 0, lag: 40n },
          { ...position, partition: 1, lag: 2n },
        ];
      };
      expect((await status()).topics).toEqual([
        { name: 'streaming.play-events.v1', lag: 42 },
        { name: 'streaming.playback-quality.v1', lag: 42 },
        { name: 'streaming.playback-decisions.v1', lag: 42 },
        { name: 'edge.access.v1', lag: null },
        { name: 'catalog.changed.v1', lag: 42 },
      ]);
    });

    it('it does not wait for a log that hangs', async () => {
      analytics.positions = () => new Promise(() => {});
      expect((await status()).topics).toContainEqual({ name: 'edge.access.v1', lag: null });
    });

    it('it tells since when is counted, and of numbers that are being counted anew', async () => {
      analytics.positions = async () => [];
      const { current } = await analytics.generations.find();
      expect(await status()).toMatchObject({ countedSince: current?.startedAt.toISOString(), rebuild: null });
      const { id, startedAt } = await analytics.generations.build();
      expect((await status()).rebuild).toEqual({ startedAt: startedAt.toISOString() });
      await analytics.generations.giveUp(id);
      expect((await status()).rebuild).toBeNull();
    });
  });
});
