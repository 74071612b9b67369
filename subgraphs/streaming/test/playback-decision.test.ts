import { describe, expect, it } from 'vitest';
import { createMemoryDecisionStore } from '../src/adapters/memory-decision-store.ts';
import { DecisionsUnavailableError } from '../src/domain/decision-record.ts';
import { aTrack, aViewer, now, trackId, viewerId } from './cases.ts';
import { aDecision } from './decision-records.ts';
import { asViewer, openStreaming } from './streaming-under-test.ts';

const query = `query ($id: ID!) {
  playbackDecision(id: $id) {
    id decidedAt granted code message user { id } track { id } requestedQuality grantedQuality market marketSource tier trackVersion
  }
}`;
type Answer = { playbackDecision: Record<string, unknown> | null };
const play = `query ($trackId: ID!, $quality: AudioQuality!) {
  playbackUrl(trackId: $trackId, quality: $quality) {
    ... on PlaybackGrant { decisionId }
    ... on PlaybackDenial { decisionId message }
  }
}`;

const asSupport = asViewer({
  actor: { kind: 'viewer', id: viewerId, sessionId: 's', scopes: ['playback:support'] },
});

describe('playbackDecision', () => {
  const clock = () => now.getTime();

  it('tells why a play was denied, as the viewer was told', async () => {
    const store = createMemoryDecisionStore({ clock });
    const decision = aDecision();
    await store.save([decision]);
    const { ask } = await openStreaming({ decisionStore: store });
    const { data, errors } = await ask<Answer>(query, { id: decision.decisionId }, asSupport);
    expect(errors).toBeUndefined();
    expect(data.playbackDecision).toEqual({
      id: decision.decisionId,
      decidedAt: now.toISOString(),
      granted: false,
      code: 'NOT_LICENSED',
      message: 'This track is not licensed in Germany.',
      user: { id: viewerId },
      track: { id: trackId('1') },
      requestedQuality: 'HIGH',
      grantedQuality: null,
      market: 'DE',
      marketSource: 'ADDRESS',
      tier: 'PREMIUM',
      trackVersion: 7,
    });
  });

  it('tells a grant, and a denial of somebody unknown', async () => {
    const store = createMemoryDecisionStore({ clock });
    const granted = aDecision({ outcome: 'GRANTED', grantedQuality: 'HIGH', message: null });
    const stranger = aDecision({ outcome: 'SIGN_IN_REQUIRED', viewerId: null, tier: null });
    await store.save([granted, stranger]);
    const { ask } = await openStreaming({ decisionStore: store });
    const grant = await ask<Answer>(query, { id: granted.decisionId }, asSupport);
    expect(grant.data.playbackDecision).toMatchObject({
      granted: true,
      code: null,
      message: null,
      grantedQuality: 'HIGH',
    });
    const denial = await ask<Answer>(query, { id: stranger.decisionId }, asSupport);
    expect(denial.data.playbackDecision).toMatchObject({ granted: false, user: null, tier: null });
  });

  it('is null for one that is unknown, and refuses what is no id of a decision', async () => {
    const { ask } = await openStreaming({});
    const unknown = await ask<Answer>(query, { id: aDecision().decisionId }, asSupport);
    expect(unknown).toEqual({ data: { playbackDecision: null } });
    for (const id of ['', 'decision_1', trackId('1')]) {
      const { data, errors } = await ask<Answer>(query, { id }, asSupport);
      expect(data.playbackDecision).toBeNull();
      expect(errors).toMatchObject([
        { message: expect.stringContaining('id: expected'), extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
  });

  it('is for support only', async () => {
    const { ask } = await openStreaming({});
    for (const [as, code] of [
      [{}, 'UNAUTHENTICATED'],
      [asViewer(), 'FORBIDDEN'],
    ] as const) {
      const { errors } = await ask<Answer>(query, { id: aDecision().decisionId }, as);
      expect(errors).toMatchObject([{ extensions: { code } }]);
    }
  });

  it('says that it cannot be told just now, and not where it is kept', async () => {
    const find = () => Promise.reject(new DecisionsUnavailableError('redis://10.0.0.7 did not answer'));
    const { ask } = await openStreaming({ decisionStore: { find } });
    const { data, errors } = await ask<Answer>(query, { id: aDecision().decisionId }, asSupport);
    expect(data.playbackDecision).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    expect(JSON.stringify(errors)).not.toContain('10.0.0.7');
  });
});

describe('what is kept of a decision', () => {
  it.each([
    [
      'a grant',
      { quality: 'HIGH' },
      {
        outcome: 'GRANTED',
        grantedQuality: 'HIGH',
        tier: 'PREMIUM',
        market: 'DE',
        marketSource: 'ADDRESS',
        message: null,
      },
    ],
    [
      'a denial',
      { quality: 'HIGH', trackId: trackId('2') },
      { outcome: 'NOT_FOUND', grantedQuality: null, trackVersion: null },
    ],
  ])('of %s', async (_, asked, expected) => {
    const { ask, decisions } = await openStreaming({ tracks: [aTrack()], viewers: [aViewer()] });
    await ask(play, { trackId: trackId('1'), ...asked }, asViewer());
    expect(decisions).toMatchObject([{ viewerId, requestedQuality: 'HIGH', ...expected }]);
  });

  it('has the message that the viewer got, also a stranger', async () => {
    const { ask, decisions } = await openStreaming({ tracks: [aTrack()] });
    const { data } = await ask<{ playbackUrl: { message: string } }>(
      play,
      { trackId: trackId('1'), quality: 'LOW' },
      { market: 'BR', marketSource: 'ADDRESS' },
    );
    expect(decisions).toMatchObject([
      {
        outcome: 'SIGN_IN_REQUIRED',
        viewerId: null,
        tier: null,
        market: 'BR',
        marketSource: 'ADDRESS',
        message: data.playbackUrl.message,
      },
    ]);
  });

  it('says when the market is that of the account, or unknown', async () => {
    const home = await openStreaming({ tracks: [aTrack()], viewers: [aViewer()] });
    const nowhere = await openStreaming({ tracks: [aTrack()], viewers: [aViewer({ country: null })] });
    for (const { ask } of [home, nowhere]) {
      await ask(
        play,
        { trackId: trackId('1'), quality: 'LOW' },
        asViewer({ market: null, marketSource: null }),
      );
    }
    expect(home.decisions).toMatchObject([{ market: 'DE', marketSource: 'ACCOUNT' }]);
    expect(nowhere.decisions).toMatchObject([{ market: null, marketSource: null }]);
  });
});
